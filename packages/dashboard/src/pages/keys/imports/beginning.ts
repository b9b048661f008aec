/** The browser cannot read a file: it is a folder, was changed or removed, or the person may not read it. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError'
}

/**
 * The first bytes of a file.
 *
 * @throws UnreadableFileError
 */
export async function beginningOf(file: File, length: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(0, length).arrayBuffer())
  } catch (cause) {
    throw new UnreadableFileError(file.name, { cause })
  }
}
