package kol.flink.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink of two task managers with a slot each, of which one can be lost. */
final class JobCluster implements AutoCloseable {
  private final Path folder;
  private final MiniCluster cluster;
  private int lost;
  private JobID job;

  JobCluster(Path folder) throws Exception {
    this.folder = folder;
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.BIND_PORT, "0");
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(2)
                .setNumSlotsPerTaskManager(1)
                .build());
    cluster.start();
  }

  /** Lays a job out. */
  interface Layout {
    void in(StreamExecutionEnvironment environment) throws Exception;
  }

  /** Starts a job, from a savepoint where there is one. */
  void start(Layout layout, String savepoint) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 20);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
    configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(2);
    layout.in(environment);
    JobGraph graph = environment.getStreamGraph().getJobGraph();
    if (savepoint != null) {
      graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint));
    }
    job = graph.getJobID();
    cluster.submitJob(graph).get();
  }

  /** Ends a task manager and all it holds; another one comes. */
  void loseTaskManager() throws Exception {
    cluster.terminateTaskManager(lost++).get();
    cluster.startTaskManager();
  }

  private void requireRunning() throws ExecutionException, InterruptedException {
    JobStatus status = cluster.getJobStatus(job).get();
    if (status.isTerminalState()) {
      throw new AssertionError(
          "the job is " + status,
          cluster.requestJobResult(job).get().getSerializedThrowable().orElse(null));
    }
  }

  /** Waits for something that a running job will bring about. */
  void waitUntil(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      requireRunning();
      Thread.sleep(200);
    }
  }

  /** Times a task of the job was restarted. */
  int restarts() throws ExecutionException, InterruptedException {
    int most = 0;
    for (AccessExecutionVertex task :
        cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
      most = Math.max(most, task.getCurrentExecutionAttempt().getAttemptNumber());
    }
    return most;
  }

  /** Stops the job with all it has in its hands; gives the savepoint. */
  String stop() throws ExecutionException, InterruptedException {
    return cluster
        .stopWithSavepoint(
            job,
            folder.resolve("savepoints").toUri().toString(),
            false,
            SavepointFormatType.CANONICAL)
        .get();
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
