package kol.flink.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kol.flink.ProcessMemory;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs that come and go in one task manager, with their own jar and the runtime in the parent
 * loader, as in a session cluster.
 */
class ClassLoaderTest {
  private static final int JOBS = 6;
  private static final List<WeakReference<ClassLoader>> LOADERS = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  @Test
  void nothingOfAJobStaysBehind() throws Exception {
    Path jar = jarOf(Path.of("target", "classes"));
    ContractTable golden = new ContractTable("kol-trust", List.of("trust_score"));
    try (MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder().build())) {
      cluster.start();
      for (int i = 0; i < JOBS; i++) {
        JobGraph graph = job(golden);
        graph.addJar(new org.apache.flink.core.fs.Path(jar.toUri()));
        cluster.executeJobBlocking(graph);
      }
      assertEquals(JOBS, LOADERS.size());
      // The last one may be held by a thread that has not been used since.
      long left = loadersLeft(1);
      assertTrue(left <= 1, left + " of " + JOBS + " class loaders are still there");
      System.out.printf(
          "class loaders: %d jobs, %d loader left, %d copy of the runtime mapped%n",
          JOBS, left, ProcessMemory.mappedRuntimes());
      assertEquals(1, ProcessMemory.mappedRuntimes());
    }
  }

  private static JobGraph job(ContractTable golden) {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    environment.setParallelism(1);
    StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
    Integer[] ids = IntStream.range(0, golden.rows().size()).boxed().toArray(Integer[]::new);
    ScoreTable scoring =
        new ScoreTable(
            tables,
            golden.in(tables, environment.fromData(ids)),
            golden.settings(),
            golden.needs(),
            BatchLimits.DEFAULT);
    tables.toDataStream(scoring.scored()).filter(new NoteLoader()).sinkTo(new DiscardingSink<>());
    return environment.getStreamGraph().getJobGraph();
  }

  private static long loadersLeft(long allowed) throws InterruptedException {
    long left = JOBS;
    for (int i = 0; i < 100 && left > allowed; i++) {
      System.gc();
      Thread.sleep(50);
      left = LOADERS.stream().filter(each -> each.get() != null).count();
    }
    return left;
  }

  private Path jarOf(Path classes) throws Exception {
    Path jar = folder.resolve("job.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(classes)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
        Files.copy(each, out);
      }
    }
    return jar;
  }

  /** Not in the job's jar: the test sees what it notes. */
  private static final class NoteLoader extends RichFilterFunction<Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public void open(OpenContext context) throws ClassNotFoundException {
      ClassLoader loader = getRuntimeContext().getUserCodeClassLoader();
      Class<?> operator = Class.forName(BatchScore.class.getName(), false, loader);
      if (operator == BatchScore.class) throw new IllegalStateException("no loader of its own");
      LOADERS.add(new WeakReference<>(operator.getClassLoader()));
    }

    @Override
    public boolean filter(Row row) {
      return true;
    }
  }
}
