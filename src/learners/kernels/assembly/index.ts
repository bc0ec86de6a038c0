// Everything the host may call, one file a concept.
export { histogramEntryBytes } from './placeholder';
