/** What happens, by an organization's choice, when the secret of one of its keys is found in public. */
export const LEAK_REACTIONS = ['notify', 'switch-off'] as const
export type LeakReaction = (typeof LEAK_REACTIONS)[number]

/** Who reports leaks. */
export const LEAK_SOURCES = ['github'] as const
export type LeakSource = (typeof LEAK_SOURCES)[number]

/** The most leaks of one key that are kept, the newest. */
export const LEAKS_PER_KEY_KEPT = 100
/** The longest address of a leak that is kept whole, in characters. */
export const LEAK_URL_CHARS_MAX = 2048
