package dev.jbuild.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ExecGateTest {

    @Test
    void twoAlwaysRunSideBySide() throws Exception {
        ExecGate gate = new ExecGate(4);
        gate.enter(0);
        gate.enter(0);
        gate.leave();
        gate.leave();
    }

    @Test
    void neverMoreThanTheUserAllows() throws Exception {
        ExecGate gate = new ExecGate(3);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                long weight = i;
                all.add(threads.submit(() -> {
                    gate.enter(weight);
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    inside.decrementAndGet();
                    gate.leave();
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void theHeaviestGoesFirst() throws Exception {
        ExecGate gate = new ExecGate(1);
        gate.enter(0);
        List<Long> order = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (long weight : new long[] {1, 5, 3}) {
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    gate.enter(weight);
                    order.add(weight);
                    gate.leave();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            threads.add(thread);
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        gate.leave();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly(5L, 3L, 1L);
    }

    @Test
    void whoIsInterruptedLeavesHisPlaceToOthers() throws Exception {
        ExecGate gate = new ExecGate(1);
        gate.enter(0);
        CountDownLatch ended = new CountDownLatch(1);
        Thread waiter = Thread.ofPlatform().start(() -> {
            assertThatThrownBy(() -> gate.enter(9)).isInstanceOf(InterruptedException.class);
            ended.countDown();
        });
        waiter.interrupt();
        ended.await();
        gate.leave();
        gate.enter(0);
        gate.leave();
    }
}
