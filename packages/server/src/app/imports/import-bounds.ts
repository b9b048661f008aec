/** The most imports of an organization that are under way at a time. */
export const IMPORTS_PER_ORGANIZATION_MAX = 3
/** The lines that are stored, and later worked off, in one transaction, which keeps other writers waiting. */
export const CHUNK_LINES = 1_000
/** The problems of one import that are kept, the first ones; the others are only counted. */
export const PROBLEMS_KEPT_MAX = 1_000
/** How long the file of an import may take to arrive, in ms. */
export const RECEIVING_MS_MAX = 60 * 60 * 1000
