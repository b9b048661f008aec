import { quoted, SettingError } from './setting-values.ts'

/** 64 MiB. */
export const CACHE_BYTES_DEFAULT = 67_108_864
const CACHE_BYTES_MIN = 1_048_576
/** 64 GiB. */
const CACHE_BYTES_MAX = 68_719_476_736

/** What a gateway may hold of stored responses, in bytes; 0 to store none. */
export function parseCacheBytes(text: string): number {
  const bytes = /^\d{1,11}$/.test(text) ? Number(text) : -1
  if (bytes !== 0 && (bytes < CACHE_BYTES_MIN || bytes > CACHE_BYTES_MAX)) {
    throw new SettingError(
      `${quoted(text)} is not valid. Use 0, or a whole number from ${CACHE_BYTES_MIN} to ${CACHE_BYTES_MAX}.`,
    )
  }
  return bytes
}
