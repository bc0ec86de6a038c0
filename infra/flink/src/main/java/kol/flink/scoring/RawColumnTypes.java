package kol.flink.scoring;

import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentCount;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.ConstantArgumentCount;
import org.apache.flink.table.types.inference.InputTypeStrategy;
import org.apache.flink.table.types.inference.Signature;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/**
 * What SQL may pass as raw columns: numbers of any kind (as DOUBLE), texts, booleans, dates and
 * timestamps. A statement with another number of columns, or another type, does not get planned.
 */
final class RawColumnTypes implements InputTypeStrategy {
  private final List<String> columns;

  RawColumnTypes(List<String> columns) {
    this.columns = columns;
  }

  @Override
  public ArgumentCount getArgumentCount() {
    return ConstantArgumentCount.of(columns.size());
  }

  @Override
  public Optional<List<DataType>> inferInputTypes(CallContext call, boolean throwOnFailure) {
    List<DataType> given = call.getArgumentDataTypes();
    DataType[] wanted = new DataType[given.size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = wantedType(given.get(i));
      if (wanted[i] == null) {
        if (!throwOnFailure) return Optional.empty();
        throw call.newValidationError(
            "column %s is of type %s; champions take numbers, texts, booleans, dates and timestamps",
            columns.get(i), given.get(i));
      }
    }
    return Optional.of(List.of(wanted));
  }

  private static DataType wantedType(DataType given) {
    var type = given.getLogicalType();
    if (type.is(LogicalTypeFamily.NUMERIC)) return DataTypes.DOUBLE();
    if (type.is(LogicalTypeFamily.CHARACTER_STRING)) return DataTypes.STRING();
    if (type.is(LogicalTypeRoot.BOOLEAN)) return DataTypes.BOOLEAN();
    if (type.is(LogicalTypeRoot.DATE)) return DataTypes.DATE();
    if (type.is(LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE)) return DataTypes.TIMESTAMP(3);
    if (type.is(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE)) return DataTypes.TIMESTAMP_LTZ(3);
    return type.is(LogicalTypeRoot.NULL) ? DataTypes.STRING() : null;
  }

  @Override
  public List<Signature> getExpectedSignatures(FunctionDefinition definition) {
    return List.of(Signature.of(columns.stream().map(Signature.Argument::of).toList()));
  }
}
