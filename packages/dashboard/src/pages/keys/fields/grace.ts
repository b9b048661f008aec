/** How long an old secret works on, in seconds. */
export const GRACES = ['0', '3600', '43200', '86400', '604800'] as const
export type Grace = (typeof GRACES)[number]
export const DEFAULT_GRACE: Grace = '43200'
