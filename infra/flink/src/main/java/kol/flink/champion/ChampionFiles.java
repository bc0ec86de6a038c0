package kol.flink.champion;

/**
 * A release as it was found: its two files, not yet checked.
 *
 * @param revision tells this release from any other of the same place
 * @param version how scores name it
 * @param card the content of model.json
 * @param graph the content of model.onnx
 */
public record ChampionFiles(String revision, String version, byte[] card, byte[] graph) {}
