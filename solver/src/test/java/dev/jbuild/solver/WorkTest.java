package dev.jbuild.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkTest {
    private final Work.Crew crew = new Work.Crew();
    private final Work<String, Integer> work = new Work<>(crew);

    @Test
    void everyKeyIsDoneOnceForAllWhoAsk() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String key = i % 2 == 0 ? "even" : "odd";
                answers.add(askers.submit(() -> work.get(key, () -> {
                    calls.incrementAndGet();
                    return key.length();
                })));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(answers.get(i).get()).isEqualTo(i % 2 == 0 ? 4 : 3);
            }
        }
        assertThat(calls).hasValue(2);
        assertThat(work.done()).containsExactlyInAnyOrder(4, 3);
    }

    @Test
    void tasksMayAskForOtherTasks() throws Exception {
        assertThat(work.get("a", () -> 1 + work.get("b", () -> 1 + work.get("c", () -> 1))))
                .isEqualTo(3);
        assertThat(work.get("c", () -> 100)).isEqualTo(1);
    }

    @Test
    void theFirstFailureStopsAllAndIsWhatEverybodyHears() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Callable<Integer> endless = () -> {
            waiting.countDown();
            try {
                new CountDownLatch(1).await();
                return 0;
            } finally {
                stopped.countDown();
            }
        };
        work.start("endless", endless);
        waiting.await();
        IllegalStateException failure = new IllegalStateException("the step failed");
        assertThatThrownBy(() -> work.get("failing", () -> {
                    throw failure;
                }))
                .isSameAs(failure);
        stopped.await();
        assertThatThrownBy(() -> work.get("endless", endless)).isSameAs(failure);
        assertThatThrownBy(() -> work.get("later", () -> {
                    new CountDownLatch(1).await();
                    return 1;
                }))
                .as("begun after the failure")
                .isSameAs(failure);
        crew.join();
        assertThat(work.done()).isEmpty();
    }

    @Test
    void stopEndsWhatRunsAndJoinWaitsForIt() throws Exception {
        AtomicInteger cleaned = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            work.start("task " + i, () -> {
                try {
                    new CountDownLatch(1).await();
                    return 0;
                } finally {
                    cleaned.incrementAndGet();
                }
            });
        }
        crew.stop();
        crew.join();
        assertThat(cleaned).as("those that had begun").hasValueLessThanOrEqualTo(10);
        assertThat(work.done()).isEmpty();
    }
}
