package kol.flink.champion;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A checked release, ready to score; for any number of threads. It lives as long as somebody holds
 * on to it: whoever opened it, and everyone between {@link #retain} and {@link #release}.
 */
public final class Champion {
  private final String name;
  private final String version;
  private final String revision;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final List<RawColumn> columns;
  private final Set<String> outputs;
  private final AtomicInteger holders = new AtomicInteger(1);

  private Champion(ChampionFiles files, String name, OrtEnvironment environment, OrtSession session)
      throws OrtException, ChampionException {
    this.name = name;
    this.version = files.version();
    this.revision = files.revision();
    this.environment = environment;
    this.session = session;
    List<RawColumn> found = new ArrayList<>();
    for (NodeInfo input : session.getInputInfo().values()) found.add(rawColumn(input));
    columns = List.copyOf(found);
    outputs =
        session.getOutputInfo().values().stream()
            .filter(
                output ->
                    output.getInfo() instanceof TensorInfo info && info.type == OnnxJavaType.FLOAT)
            .map(NodeInfo::getName)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Checks a release and opens its graph.
   *
   * @throws ChampionException where a hash, the graph or its columns are not as the card says
   */
  public static Champion open(ChampionFiles files) throws ChampionException {
    ChampionCard card = ChampionCard.read(files.card());
    String found = Sha256.hex(files.graph());
    if (!found.equals(card.graphHash())) {
      throw new ChampionException(
          "model.onnx of %s (%d bytes) has SHA-256 %s, model.json says %s; it is cut short, changed or of another release"
              .formatted(card.name(), files.graph().length, found, card.graphHash()));
    }
    OrtSession session = null;
    try (OrtSession.SessionOptions options = options()) {
      OrtEnvironment environment = OnnxRuntime.environment();
      session = environment.createSession(files.graph(), options);
      Champion champion = new Champion(files, card.name(), environment, session);
      champion.checkColumns(card);
      champion.tryOut();
      return champion;
    } catch (OrtException | ChampionException | UnusableRowException e) {
      closeQuietly(session);
      if (e instanceof ChampionException refused) throw refused;
      throw new ChampionException(
          "the graph of %s %s cannot be used: %s"
              .formatted(card.name(), files.version(), e.getMessage()),
          e);
    }
  }

  private static OrtSession.SessionOptions options() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    // Slots are Flink's unit of parallelism.
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
    // Batches differ in length: patterns of the past would be kept, and not used again.
    options.setMemoryPatternOptimization(false);
    return options;
  }

  private static RawColumn rawColumn(NodeInfo input) throws ChampionException {
    if (!(input.getInfo() instanceof TensorInfo info)) {
      throw new ChampionException("input " + input.getName() + " is no tensor");
    }
    RawColumn.Kind kind =
        switch (info.type) {
          case FLOAT -> RawColumn.Kind.NUMBER;
          case INT64 -> RawColumn.Kind.WHOLE_NUMBER;
          case STRING -> RawColumn.Kind.TEXT;
          default ->
              throw new ChampionException(
                  "input %s is of type %s; columns are float, int64 or string"
                      .formatted(input.getName(), info.type));
        };
    long[] shape = info.getShape();
    long width = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    if (shape.length == 0 || width < 1) {
      throw new ChampionException(
          "input %s has the shape %s; expected [N] or [N, width]"
              .formatted(input.getName(), Arrays.toString(shape)));
    }
    return new RawColumn(input.getName(), kind, Math.toIntExact(width));
  }

  private void checkColumns(ChampionCard card) throws ChampionException {
    if (card.inputs().isEmpty()) return;
    for (RawColumn column : columns) {
      String type = card.inputs().get(column.name());
      boolean isText = column.kind() == RawColumn.Kind.TEXT;
      if (type == null || isText != type.equals("string")) {
        throw new ChampionException(
            "the graph of %s reads %s as %s, model.json says %s"
                .formatted(name, column.name(), column.kind(), type));
      }
    }
    if (card.inputs().size() != columns.size()) {
      throw new ChampionException(
          "model.json of %s lists %d columns, its graph reads %d"
              .formatted(name, card.inputs().size(), columns.size()));
    }
  }

  /** A graph that cannot score a row of which nothing is known could fail on any stream. */
  private void tryOut() throws OrtException, UnusableRowException {
    ColumnBatch nothing = new ColumnBatch(columns, 1);
    nothing.add(
        columns.stream()
            .map(
                column -> {
                  Object value = column.kind() == RawColumn.Kind.WHOLE_NUMBER ? 0L : null;
                  return column.width() == 1 ? value : Arrays.asList(new Object[column.width()]);
                })
            .toArray());
    run(nothing, outputs());
  }

  /**
   * Scores every row of a batch.
   *
   * @return by output, the values of all rows one after the other
   */
  public Map<String, float[]> run(ColumnBatch batch, Set<String> outputs) throws OrtException {
    Map<String, float[]> answers = new HashMap<>();
    if (batch.size() == 0) {
      // Operators on strings are not defined for no rows at all.
      for (String output : outputs) answers.put(output, new float[0]);
      return answers;
    }
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      batch.tensorsInto(tensors, environment);
      try (OrtSession.Result result = session.run(tensors, outputs)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          if (output.getValue() instanceof OnnxTensor tensor) {
            answers.put(output.getKey(), tensor.getFloatBuffer().array());
          }
        }
      }
      return answers;
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  /** The raw columns it reads. */
  public List<RawColumn> columns() {
    return columns;
  }

  /** Its outputs of numbers. */
  public Set<String> outputs() {
    return outputs;
  }

  /** How its scores name it. */
  public String version() {
    return version;
  }

  /** Tells it from any other release of the same place. */
  public String revision() {
    return revision;
  }

  /** Holds on to it; false where it is closed already. */
  boolean retain() {
    return holders.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
  }

  /** Lets go of it; the last one closes it. */
  public void release() {
    if (holders.decrementAndGet() == 0) closeQuietly(session);
  }

  private static void closeQuietly(OrtSession session) {
    try {
      if (session != null) session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("a session that is open can be closed", e);
    }
  }

  @Override
  public String toString() {
    return name + " " + version;
  }
}
