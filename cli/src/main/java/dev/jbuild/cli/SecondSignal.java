package dev.jbuild.cli;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears of Ctrl-C and polite kills while the first of them is being obeyed, when the JVM itself ignores them.
///
/// The class for it is one that the JDK exports but that the compiler warns of at each use, hence by its name.
final class SecondSignal {
    private static final Logger LOG = LoggerFactory.getLogger(SecondSignal.class);

    private SecondSignal() {}

    /// @param action runs on a thread of its own
    static void onArrival(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    SecondSignal.class.getClassLoader(), new Class<?>[] {handler}, (_, method, _) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            for (String name : new String[] {"INT", "TERM"}) {
                Object each = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, each, proxy);
            }
        } catch (ReflectiveOperationException e) {
            LOG.debug("a second signal is not heard", e);
        }
    }
}
