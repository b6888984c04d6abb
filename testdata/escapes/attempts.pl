# What a process of RUN may try to get at the machine. Each attempt prints a line "escape NAME refused (why)" or
# "escape NAME POSSIBLE (how)". Arguments: a file of the machine that must not be seen, a process of the machine.
use strict;
use warnings;
use Config;
use Errno;
use Fcntl;
use POSIX ();

my ($canary, $foreign) = @ARGV;
my $x86 = $Config{archname} =~ /x86_64/;
# Numbers on x86-64 and on arm64.
my %number = (
    mount => [165, 40], umount2 => [166, 39], pivot_root => [155, 41], unshare => [272, 97], setns => [308, 268],
    clone => [56, 220], clone3 => [435, 435], ptrace => [101, 117], process_vm_readv => [310, 270],
    keyctl => [250, 219], add_key => [248, 217], request_key => [249, 218], bpf => [321, 280],
    perf_event_open => [298, 241], userfaultfd => [323, 282], open_by_handle_at => [304, 265],
    kexec_load => [246, 104], reboot => [169, 142], init_module => [175, 105], finit_module => [313, 273],
    delete_module => [176, 106], swapon => [167, 224], acct => [163, 89], clock_settime => [227, 112],
    syslog => [103, 116], sethostname => [170, 161], quotactl => [179, 60], io_uring_setup => [425, 425],
    fsopen => [430, 430], open_tree => [428, 428], move_mount => [429, 429], mount_setattr => [442, 442],
    mknodat => [259, 33], fanotify_init => [300, 262], lookup_dcookie => [212, 18], personality => [135, 92],
);

sub call {
    my ($name, @arguments) = @_;
    return syscall($number{$name}[$x86 ? 0 : 1], @arguments);
}

sub verdict {
    my ($name, $possible, $how) = @_;
    printf "escape %s %s (%s)\n", $name, $possible ? "POSSIBLE" : "refused", $how;
}

# A system call that must fail.
sub refused {
    my ($name, @call) = @_;
    $! = 0;
    my $result = call(@call);
    verdict($name, $result != -1, $result != -1 ? "result $result" : "$!");
}

# A file that must not be opened so.
sub closed {
    my ($name, $file, $flags) = @_;
    if (sysopen(my $handle, $file, $flags)) {
        my $read = "";
        my $length = $flags == O_RDONLY ? sysread($handle, $read, 16) : 1;
        verdict($name, $length, defined $length ? "$file, $length bytes" : "$!");
    } else {
        verdict($name, 0, "$!");
    }
}

my ($MS_RDONLY, $MS_REMOUNT, $MS_BIND, $MS_REC, $MS_PRIVATE) = (1, 32, 4096, 16384, 1 << 18);
my $here = "/tmp/escape";
mkdir $here;

# Mounts.
refused("mount-tmpfs", "mount", "none", $here, "tmpfs", 0, 0);
refused("mount-proc", "mount", "proc", $here, "proc", 0, 0);
refused("mount-bind", "mount", "/", $here, 0, $MS_BIND | $MS_REC, 0);
refused("mount-cgroup", "mount", "none", $here, "cgroup2", 0, 0);
refused("mount-propagation", "mount", 0, "/", 0, $MS_REC | $MS_PRIVATE, 0);
refused("remount-proc-sys", "mount", 0, "/proc/sys", 0, $MS_REMOUNT | $MS_BIND, 0);
refused("remount-sys", "mount", 0, "/sys", 0, $MS_REMOUNT | $MS_BIND, 0);
refused("remount-read-only-bind", "mount", 0, "/readonly", 0, $MS_REMOUNT | $MS_BIND, 0);
refused("umount-proc", "umount2", "/proc", 2);
refused("umount-mask", "umount2", "/proc/kcore", 2);
refused("umount-hosts", "umount2", "/etc/hosts", 2);
refused("umount-root", "umount2", "/", 2);
refused("pivot-root", "pivot_root", "/tmp", $here);
refused("fsopen", "fsopen", "tmpfs", 0);
refused("open-tree", "open_tree", -100, "/", 1);
refused("mount-setattr", "mount_setattr", -100, "/readonly", 0, pack("Q4", 0, 1, 0, 0), 32);

# Namespaces.
refused("unshare-user", "unshare", 0x10000000);
refused("unshare-mount", "unshare", 0x20000);
refused("unshare-user-and-mount", "unshare", 0x10020000);
refused("unshare-net", "unshare", 0x40000000);
for my $flag ([user => 0x10000000], [mount => 0x20000], [pid => 0x20000000]) {
    $! = 0;
    my $pid = call("clone", $flag->[1] | 17, 0, 0, 0, 0);
    POSIX::_exit(0) if $pid == 0;
    verdict("clone-$flag->[0]", $pid > 0, $pid > 0 ? "process $pid" : "$!");
    waitpid $pid, 0 if $pid > 0;
}
{
    my $arguments = pack("Q11", 0x10000000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0);
    my $pid = call("clone3", $arguments, length $arguments);
    POSIX::_exit(0) if $pid == 0;
    verdict("clone3-user", $pid > 0, $pid > 0 ? "process $pid" : "$!");
}
for my $process (1, $foreign) {
    my $handle;
    if (sysopen($handle, "/proc/$process/ns/mnt", O_RDONLY)) {
        refused("setns-$process" =~ s/$foreign$/foreign/r, "setns", fileno($handle), 0);
    } else {
        verdict($process == 1 ? "setns-1" : "setns-foreign", 0, "$!");
    }
}

# Other processes.
refused("ptrace-foreign", "ptrace", 16, $foreign + 0, 0, 0);
{
    my $buffer = "\0" x 16;
    my $local = pack("PQ", $buffer, 16);
    refused("read-memory-foreign", "process_vm_readv", $foreign + 0, $local, 1, $local, 1, 0);
}
verdict("signal-foreign", kill(0, $foreign), "$!");
closed("environment-foreign", "/proc/$foreign/environ", O_RDONLY);
closed("memory-foreign", "/proc/$foreign/mem", O_RDWR);

# The kernel.
refused("keyctl", "keyctl", 0, -3, 0);
refused("add-key", "add_key", "user", "escape", "x", 1, -3);
refused("request-key", "request_key", "user", "escape", 0, -3);
refused("bpf-map", "bpf", 0, pack("L4", 2, 4, 4, 1) . "\0" x 56, 72);
refused("perf-event", "perf_event_open", "\0" x 120, 0, -1, -1, 0);
refused("userfaultfd", "userfaultfd", 0);
refused("io-uring", "io_uring_setup", 1, "\0" x 120);
refused("fanotify", "fanotify_init", 0, 0);
refused("kexec", "kexec_load", 0, 0, 0, 0);
refused("reboot", "reboot", 0xfee1dead, 672274793, 0, 0);
refused("init-module", "init_module", "x", 1, "");
refused("finit-module", "finit_module", 0, "", 0);
refused("delete-module", "delete_module", "escape", 0);
refused("swapon", "swapon", "/etc/passwd", 0);
refused("acct", "acct", "/etc/passwd");
refused("clock", "clock_settime", 99, pack("qq", 0, 0));
refused("kernel-log", "syslog", 3, "\0" x 64, 64);
refused("host-name", "sethostname", "escaped", 7);
refused("quotactl", "quotactl", 0, 0, 0, 0);
refused("address-space", "personality", 0x0040000);
{
    # A handle of the root directory of the file system that /etc/hosts lies in: inode 2.
    my $handle = pack("LlLLl", 8, 1, 2, 0, 0);
    sysopen(my $mount, "/etc/hosts", O_RDONLY);
    refused("open-by-handle", "open_by_handle_at", fileno($mount), $handle, O_RDONLY);
}

# Files of the kernel.
for my $file (qw(/proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sys/vm/overcommit_memory
    /proc/sys/fs/suid_dumpable /proc/sysrq-trigger /proc/irq/default_smp_affinity /proc/bus/escape
    /sys/kernel/uevent_helper /sys/power/state /sys/kernel/profiling)) {
    closed("write $file" =~ tr/ /-/r, $file, O_WRONLY);
}
for my $file (qw(/proc/kcore /proc/keys /proc/timer_list /proc/sched_debug /proc/interrupts /proc/latency_stats)) {
    closed("read $file" =~ tr/ /-/r, $file, O_RDONLY);
}
for my $directory (qw(/proc/scsi /proc/acpi /proc/asound /sys/firmware /sys/devices/virtual/powercap)) {
    my @names = glob "$directory/*";
    verdict("list-$directory", scalar @names, "@names");
}
{
    my @found = grep { -w $_ && sysopen(my $h, $_, O_WRONLY) }
        map { glob "$_/release_agent $_/*/release_agent $_/cgroup.procs $_/*/cgroup.procs $_/devices.allow" }
        ("/sys/fs/cgroup", glob("/sys/fs/cgroup/*"));
    verdict("cgroup-files", scalar @found, "@found");
    my @writable = grep { sysopen(my $h, $_, O_WRONLY) } glob("/sys/module/*/parameters/* /sys/kernel/mm/*/* /sys/kernel/debug/*");
    verdict("sys-files", scalar @writable, "@writable");
}

# Devices: they may be made, for images that hold some, but not opened.
my @devices = ([c => 1, 1, "mem"], [c => 1, 4, "port"], [c => 10, 237, "loop-control"], [c => 10, 229, "fuse"], [c => 5, 1, "console"]);
for my $link (glob "/sys/dev/block/*") {
    push @devices, [b => $1, $2, "disk-$1-$2"] if $link =~ /(\d+):(\d+)$/;
}
for my $device (@devices) {
    my ($type, $major, $minor, $name) = @$device;
    my $mode = ($type eq "c" ? 0020000 : 0060000) | 0666;
    my $opened = "";
    my $why = "";
    for my $directory ("/tmp", "/dev", "/dev/shm", "/cache", "/scratch") {
        my $node = "$directory/escape-$name";
        call("mknodat", -100, $node, $mode, ($minor & 0xff) | ($major << 8) | (($minor & ~0xff) << 12)) == 0 or next;
        sysopen(my $handle, $node, O_RDONLY | O_NONBLOCK) ? ($opened .= " $node") : ($why = "$!");
        unlink $node;
    }
    verdict("open-$name", $opened, $opened || $why);
}

# Files that are shown but must not be changed.
for my $file (qw(/etc/hosts /etc/resolv.conf /readonly/file)) {
    closed("write $file" =~ tr/ /-/r, $file, O_WRONLY);
}
verdict("replace-hosts", unlink("/etc/hosts"), "$!");
verdict("create-in-read-only-bind", sysopen(my $created, "/readonly/new", O_WRONLY | O_CREAT), "$!");

# What this process was started with.
{
    opendir(my $descriptors, "/proc/self/fd");
    my @open = grep { /^\d+$/ && $_ > 2 && $_ != fileno($descriptors) } readdir $descriptors;
    my @leaked = map { "$_ " . (readlink("/proc/self/fd/$_") // "?") } @open;
    verdict("descriptors", scalar @leaked, "@leaked");
}
# (Without /proc nobody knows.)
if (open(my $status, "<", "/proc/self/status")) {
    my %status = map { /^(\w+):\s*(\S+)/ ? ($1, $2) : () } <$status>;
    my @more = grep { (hex($status{$_}) & ~0xa80425fb) != 0 } qw(CapInh CapPrm CapEff CapBnd CapAmb);
    verdict("capabilities", scalar @more, join " ", map { "$_ $status{$_}" } qw(CapEff CapBnd));
    verdict("no-filter", $status{Seccomp} ne "2", "Seccomp $status{Seccomp}");
}
{
    my @seen = grep { my $link = readlink("/proc/$_/exe") // ""; $_ != $$ } map { m{(\d+)$} } glob "/proc/[0-9]*";
    # The shell that started this, if it waits.
    verdict("see-processes", @seen > 3, scalar(@seen) . " processes");
}

# The root: ways to the machine's own. The last, because it changes this process's.
for my $process (1, $foreign, "self") {
    closed("root-of-" . ($process eq $foreign ? "foreign" : $process), "/proc/$process/root/../../../../..$canary", O_RDONLY);
    closed("cwd-of-" . ($process eq $foreign ? "foreign" : $process), "/proc/$process/cwd/../../../../../../../..$canary", O_RDONLY);
}
closed("dots", "../" x 40 . $canary, O_RDONLY);
sub out {
    my ($name) = @_;
    closed($name, ("../" x 40) . $canary, O_RDONLY);
    chroot "." or print "cannot chroot: $!\n";
    closed("$name-again", $canary, O_RDONLY);
}
mkdir "/tmp/jail";
chdir "/";
chroot "/tmp/jail" or print "cannot chroot: $!\n";
out("nested-chroot");
