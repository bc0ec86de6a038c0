// Where the numbers lie that all threads of a fit share: byte addresses in the memory of the kernels. Plain
// TypeScript as well as AssemblyScript, because the host writes what the kernels read.

/** Below lies what AssemblyScript may want for itself. */
export const controlAt = 65536;

// The team: see team.ts.
/** i64: epoch << 32 | chunks << 16 | next chunk. */
export const claimAt = controlAt;
/** i32: chunks finished in this phase. */
export const doneAt = controlAt + 64;
/** i32: not 0 once the fit must end. */
export const stopAt = controlAt + 128;
/** i32: changes with every phase; idle threads wait on it. */
export const bellAt = controlAt + 192;
/** i32: threads that wait. */
export const sleepersAt = controlAt + 196;
/** i32 */
export const threadsAt = controlAt + 200;
/** i32: what a chunk of this phase is, a `Phase`. */
export const phaseAt = controlAt + 204;

// The rows.
/** i32: rows. */
export const rowsAt = controlAt + 256;
/** u32[nRows]: the rows in the order of the leaves; `scratch` is as long. */
export const indexAt = controlAt + 264;
export const scratchAt = controlAt + 268;
/** u8 column by column, `columnStride` bytes each. */
export const columnsAt = controlAt + 272;
export const columnStrideAt = controlAt + 276;
/** u8 row by row, in blocks of at most `blockWidth` columns. */
export const rowMajorAt = controlAt + 280;
/** What is added to a histogram, a row: packed (4 bytes) or wide (8 bytes), see gradients. */
export const packedAt = controlAt + 284;
/** i32: 1 where histogram entries are 16 bytes, see histogram.ts. */
export const isWideAt = controlAt + 288;
/** i32: in a wide entry the count begins at this bit. */
export const countShiftAt = controlAt + 292;
/** i32: columns of the tree that grows, its slots; u16 of each which feature. */
export const slotsAt = controlAt + 296;
export const slotFeaturesAt = controlAt + 300;
/** Per thread `threadBytes` of memory of its own: tile, addends, rows that went right. */
export const threadMemoryAt = controlAt + 304;
/** Per thread a histogram, and in which summation it was begun. */
export const threadBytesAt = controlAt + 320;
export const threadHistogramsAt = controlAt + 308;
export const histogramBytesAt = controlAt + 312;
/** i32[threads] */
export const begunAt = controlAt + 316;

// The node that is split.
/** i32: its rows are index[nodeStart .. nodeEnd). */
export const nodeStartAt = controlAt + 384;
export const nodeEndAt = controlAt + 388;
/** i32: rows a chunk of it has, at most a tile. */
export const nodeChunkRowsAt = controlAt + 436;
/** u8 column of the split. */
export const splitColumnAt = controlAt + 392;
/** i32: which side is summed: 0 left, 1 right, -1 neither. */
export const summedSideAt = controlAt + 396;
/** Histogram that is summed into; where it lies when a single thread sums. */
export const summedAt = controlAt + 400;
/** Histogram of the parent, which becomes that of the other side; 0 where there is none. */
export const restAt = controlAt + 404;
/** i32: 1 where threads summed apart. */
export const isSummedApartAt = controlAt + 408;
/** i32: whether the summed side and the rest are scanned. */
export const scanSummedAt = controlAt + 412;
export const scanRestAt = controlAt + 416;
/** u32[chunks]: rows of the chunk that went left; then where its left and right rows belong. */
export const leftCountsAt = controlAt + 420;
export const leftOffsetsAt = controlAt + 424;
/** i32: rows of the node that went left. */
export const allLeftAt = controlAt + 440;
/** i32: how many tasks of the scan phase are scans; the others move rows. */
export const scanTasksAt = controlAt + 428;
/** i32: number of this summation: a thread's histogram that another one began counts for nothing. */
export const summationAt = controlAt + 432;
/** u8[256]: 1 for bins that go right. */
export const sidesAt = controlAt + 448;

// The rules of splits, in units of the quantised sums, and the two nodes that are scanned.
/** f64 */
export const l1At = controlAt + 704;
export const l2At = controlAt + 712;
export const minChildWeightAt = controlAt + 720;
export const minSamplesLeafAt = controlAt + 728;
export const minGainAt = controlAt + 736;
export const categorySmoothingAt = controlAt + 744;
export const categoryL2At = controlAt + 752;
/** i32 */
export const maxCategoriesOneHotAt = controlAt + 760;
export const maxCategoriesPerSplitAt = controlAt + 764;
export const minSamplesPerCategoryAt = controlAt + 768;
/** u16[nFeatures]: value bins; the bin behind them holds the missing values. */
export const valueBinsAt = controlAt + 772;
/** i8[nFeatures]: monotone sign. */
export const signsAt = controlAt + 776;
/** u8[nFeatures]: 1 for a category column. */
export const isCategoryAt = controlAt + 780;
/** Two nodes, `scanNodeBytes` each: the summed one, the rest. */
export const scanNodesAt = controlAt + 832;
/** f64 gradient, hessian, count, lower, upper; u32 allowed (u8[slots], 0 for all), u32 draws (i32[slots], 0 for all bins). */
export const scanNodeBytes = 64;
/** Results, one after the other: [2][slots], `resultBytes` each. */
export const resultsAt = controlAt + 960;
/** f64 gain (-1 for none), gradient, hessian, count of the left side; i32 bin, missingLeft; u8[32] set. */
export const resultBytes = 80;
/** Symmetric trees: i32 nodes of the level, and their records as in scanNodes with u32 histogram behind. */
export const levelNodesAt = controlAt + 964;
export const levelRecordsAt = controlAt + 968;
/** f64[slots][256] gains of a level. */
export const levelGainsAt = controlAt + 972;

// Rows in another order.
/** u32 array whose elements change places, i32 bytes of an element (1 or 4). */
export const movedArrayAt = controlAt + 992;
export const movedBytesAt = controlAt + 996;

// Derivatives.
/** i32 */
export const objectiveAt = controlAt + 1024;
/** f32[nRows] target (see derivatives.ts), weight (0: all 1). */
export const targetAt = controlAt + 1028;
export const weightAt = controlAt + 1032;
/** f32[nMargins][nRows] margins less their base. */
export const marginAt = controlAt + 1036;
/** f32[nMargins][nRows] */
export const gradientAt = controlAt + 1040;
export const hessianAt = controlAt + 1044;
/** i32 */
export const marginsAt = controlAt + 1048;
/** f64[nMargins] */
export const baseAt = controlAt + 1056;
/** f32: the base of the only margin. */
export const baseMarginAt = controlAt + 1076;
/** f64: parameter of the objective. */
export const objectiveParameterAt = controlAt + 1064;
/** i32: the margin whose tree grows. */
export const currentMarginAt = controlAt + 1072;
/** f64: quantised = value × scale. */
export const gradientScaleAt = controlAt + 1080;
export const hessianScaleAt = controlAt + 1088;
/** f32[chunks][nMargins][2]: largest |gradient| and hessian of a chunk. */
export const chunkMaximaAt = controlAt + 1096;

// Leaves.
/** i32 leaves, then per leaf i32 start, i32 end, f32 value. */
export const leavesAt = controlAt + 1104;
/** u32: where the chunks of leaves are listed: i32 leaf, i32 start, i32 end each. */
export const leafChunksAt = controlAt + 1108;
/** i32: rows outside the sample are index[sampleEnd .. nRows); nodes of the tree to walk. */
export const sampleEndAt = controlAt + 1112;
/** i32: 1 where a tree sees only some rows. */
export const isSampledAt = controlAt + 1120;
export const walkNodesAt = controlAt + 1116;

// Binning.
/** u32 addresses of the values of the staged columns, i32 feature of the first. */
export const stagedAt = controlAt + 1152;
export const stagedFirstAt = controlAt + 1160;
/** u32[nSample] rows to find bounds on (0: all), i32 their number, i32 most bins. */
export const sampleRowsAt = controlAt + 1164;
export const sampleSizeAt = controlAt + 1168;
export const maxBinsAt = controlAt + 1172;
/** f32[nFeatures][256] bounds, padded with Infinity; i32[nFeatures] their number. */
export const boundsAt = controlAt + 1176;
export const boundCountsAt = controlAt + 1180;
/** Per staged column memory to sort in. */
export const sortMemoryAt = controlAt + 1184;
export const sortBytesAt = controlAt + 1188;

/** First byte behind the control block. */
export const controlEnd = controlAt + 2048;

/** Columns a row-major block has at most: a row of a block is one cache line. */
export const blockWidth = 64;
/** Rows whose bins are copied together before they are summed. */
export const tileRows = 2048;
/** Rows a task of the mapping phase has. */
export const mapRows = 16384;
/** Slots a task of the scan and level phases has. */
export const slotsPerTask = 4;
/** Bytes of a node to walk: i32 feature (-1: a leaf), i32 left, i32 right, f32 value, u8[256] sides of the bins. */
export const walkNodeBytes = 272;

// Phases.
export const phaseBounds = 1;
export const phaseMap = 2;
export const phaseTranspose = 3;
export const phaseDerive = 4;
export const phaseQuantise = 5;
export const phaseBinaryRoot = 6;
export const phaseRoot = 7;
export const phaseDivide = 8;
export const phaseScan = 9;
export const phaseLevel = 10;
export const phaseLeaves = 11;
export const phaseWalk = 12;
export const phaseBinaryPack = 13;
export const phaseMaxima = 14;
export const phaseGather = 15;
export const phaseReturn = 16;
