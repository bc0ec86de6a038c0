export function histogramEntryBytes(): i32 {
  return 8;
}
