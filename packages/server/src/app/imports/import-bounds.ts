/** The most imports of an organization that are under way at a time. */
export const IMPORTS_PER_ORGANIZATION_MAX = 3
/** The lines that are stored in one transaction while they arrive. They are in memory until then. */
export const STORED_LINES = 8_000
/** The most lines of a chunk, which is always worked off as a whole. */
export const CHUNK_LINES_MAX = 50
/** About how many lines one transaction works off. It keeps other writers waiting. */
export const TURN_LINES = 1_000
/** The problems of one import that are kept, the first ones; the others are only counted. */
export const PROBLEMS_KEPT_MAX = 1_000
/** How long the file of an import may take to arrive, in ms. */
export const RECEIVING_MS_MAX = 60 * 60 * 1000
