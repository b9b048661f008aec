/** The most roles of one key. */
export const ROLES_PER_KEY_MAX = 16

/** The most external keys of one organization. */
export const EXTERNAL_KEYS_PER_ORGANIZATION_MAX = 1000

/** The most organizations that may not accept one key, each by a rule of its own. */
export const ACCEPTANCE_RULES_PER_KEY_MAX = 100

/** The longest time that a hand-over link can be opened: 7 days, in hours. */
export const HAND_OVER_HOURS_MAX = 7 * 24

/** The most hand-over links of one organization that are pending. */
export const HAND_OVERS_PER_ORGANIZATION_MAX = 200

/** The most stored secrets of one key. Two can be live; the others let a caller learn that a secret is outdated. */
export const SECRETS_PER_KEY_MAX = 8

/** The most address rules of one key. */
export const ADDRESS_RULES_PER_KEY_MAX = 64

/** How long a rolled secret keeps working unless the caller sets a grace: 12 hours, in seconds. */
export const GRACE_SECONDS_DEFAULT = 12 * 60 * 60

/** The longest grace of a rolled secret: 30 days, in seconds. */
export const GRACE_SECONDS_MAX = 30 * 24 * 60 * 60
