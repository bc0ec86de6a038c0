package kol.flink.champion;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Rows on their way into one champion, column by column. Numbers lie outside the heap, where the
 * runtime reads them without a copy. Filled again and again; not for two threads.
 */
public final class ColumnBatch {
  private final List<RawColumn> columns;
  private final Object[] values;
  private final int capacity;
  private int size;

  /** An empty batch for a champion's columns. */
  public ColumnBatch(List<RawColumn> columns, int capacity) {
    this.columns = columns;
    this.capacity = capacity;
    values = columns.stream().map(column -> storage(column, capacity)).toArray();
  }

  private static Object storage(RawColumn column, int capacity) {
    int n = Math.multiplyExact(capacity, column.width());
    return switch (column.kind()) {
      case NUMBER ->
          ByteBuffer.allocateDirect(n * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
      case WHOLE_NUMBER ->
          ByteBuffer.allocateDirect(n * Long.BYTES).order(ByteOrder.nativeOrder()).asLongBuffer();
      case TEXT -> new String[n];
    };
  }

  /**
   * Adds a row.
   *
   * @param row one value per column, in the champion's order; for wider columns a list
   * @throws UnusableRowException for a value of another type; the batch is then as before
   */
  public void add(Object[] row) throws UnusableRowException {
    if (size == capacity) throw new IllegalStateException("the batch holds " + capacity + " rows");
    for (int c = 0; c < values.length; c++) {
      RawColumn column = columns.get(c);
      if (column.width() == 1) {
        put(column, values[c], size, row[c]);
      } else {
        putAll(column, values[c], row[c]);
      }
    }
    size++;
  }

  private void putAll(RawColumn column, Object storage, Object value) throws UnusableRowException {
    if (!(value instanceof List<?> several) || several.size() != column.width()) {
      throw new UnusableRowException(
          "column %s: expected a list of %d values".formatted(column.name(), column.width()));
    }
    for (int i = 0; i < column.width(); i++) {
      put(column, storage, size * column.width() + i, several.get(i));
    }
  }

  private static void put(RawColumn column, Object storage, int at, Object value)
      throws UnusableRowException {
    switch (column.kind()) {
      case NUMBER -> ((FloatBuffer) storage).put(at, RawValue.number(column.name(), value));
      case WHOLE_NUMBER ->
          ((LongBuffer) storage).put(at, RawValue.wholeNumber(column.name(), value));
      case TEXT -> ((String[]) storage)[at] = RawValue.text(column.name(), value);
    }
  }

  /** Rows in it. */
  public int size() {
    return size;
  }

  /** Forgets the rows. */
  public void clear() {
    size = 0;
  }

  /** The columns as tensors that read this batch, put into {@code tensors} by name. */
  void tensorsInto(Map<String, OnnxTensor> tensors, OrtEnvironment environment)
      throws OrtException {
    for (int c = 0; c < values.length; c++) {
      RawColumn column = columns.get(c);
      int n = size * column.width();
      long[] shape = column.width() == 1 ? new long[] {size} : new long[] {size, column.width()};
      OnnxTensor tensor =
          switch (column.kind()) {
            case NUMBER ->
                OnnxTensor.createTensor(environment, ((FloatBuffer) values[c]).slice(0, n), shape);
            case WHOLE_NUMBER ->
                OnnxTensor.createTensor(environment, ((LongBuffer) values[c]).slice(0, n), shape);
            case TEXT ->
                OnnxTensor.createTensor(environment, Arrays.copyOf((String[]) values[c], n), shape);
          };
      tensors.put(column.name(), tensor);
    }
  }
}
