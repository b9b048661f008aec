import { systemReason } from './system-errors.ts'

/**
 * Explains that a file of Sallyport itself cannot be read, for example because only a part of the folder was copied.
 *
 * @returns the error itself if it is about something else
 */
export function asInstallationError(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('path' in error)) return error
  return new Error(
    `Sallyport cannot start: its file ${String(error.path)} cannot be read: ${systemReason(error)}. ` +
      'Copy the whole folder as it is after `npm ci` and `npm run build`.',
    { cause: error },
  )
}
