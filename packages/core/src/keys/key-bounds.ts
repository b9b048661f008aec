/** The most roles of one key. */
export const ROLES_PER_KEY_MAX = 16
/** How many secrets of a key are kept: two live at most; the rest let an outdated secret be named as such. */
export const SECRETS_PER_KEY_MAX = 8
/** The most address rules of one key. */
export const ADDRESS_RULES_PER_KEY_MAX = 64
