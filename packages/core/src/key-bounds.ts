/** The most roles of one key. */
export const ROLES_PER_KEY_MAX = 16
/** The most address rules of one key. */
export const ADDRESS_RULES_PER_KEY_MAX = 64
