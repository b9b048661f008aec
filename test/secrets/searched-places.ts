import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What must not be found, by what it is. */
export type Secrets = ReadonlyMap<string, string>

/** The characters at each end of a Base64 text that depend on what is beside it. */
const BLURRED = 4

/**
 * A text as it could stand somewhere: raw, in JSON, percent-encoded, in hex, and within Base64 that begins at any byte.
 */
function formsOf(text: string): ReadonlySet<string> {
  const percent = [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.from(`${' '.repeat(before)}${text}`)
    return [bytes.toString('base64'), bytes.toString('base64url')].map((each) =>
      each.slice(BLURRED, -BLURRED),
    )
  })
  return new Set([
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    percent,
    percent.toUpperCase(),
    Buffer.from(text).toString('hex'),
    ...inBase64,
  ])
}

/** What is found where, such as `token of a key in the database`. */
export function findings(secrets: Secrets, places: ReadonlyMap<string, Buffer>): string[] {
  const found: string[] = []
  for (const [name, secret] of secrets) {
    for (const form of formsOf(secret)) {
      for (const [place, content] of places) {
        if (content.includes(form)) found.push(`${name} in ${place}: ${form}`)
      }
    }
  }
  return found
}

/** Every file of a folder and its folders, except those named. */
export async function filesOf(
  folder: string,
  except: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile() && !except.includes(entry.name))
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }) => [name, await readFile(join(parentPath, name))] as const),
    ),
  )
}
