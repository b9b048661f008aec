import { parse } from 'yaml'
import { t } from '../../../../texts/texts.ts'

/** A file that was chosen as an OpenAPI document. */
export type ReadFile =
  | { readonly name: string; readonly document: unknown; readonly problem?: never }
  | { readonly name: string; readonly document?: never; readonly problem: string }

/** The largest file, in bytes. The largest public documents have about 12 MB. */
const BYTES_MAX = 16 * 1024 * 1024
/** How much YAML may repeat by aliases, against "billion laughs". */
const YAML = { version: '1.2', maxAliasCount: 1000, uniqueKeys: false, logLevel: 'error' } as const

/** Reads a file of JSON or YAML. Whatever is in it, nothing is thrown. */
export async function readDocument(file: File): Promise<ReadFile> {
  const { name, size } = file
  const { openApi } = t.pipelines.form
  if (size > BYTES_MAX) return { name, problem: openApi.tooLarge }
  let text: string
  try {
    text = await file.text()
  } catch {
    return { name, problem: openApi.unreadable }
  }
  // Reading megabytes takes a moment, so that the page says first that it reads.
  await new Promise((resolve) => setTimeout(resolve))
  try {
    return { name, document: parsed(text) }
  } catch {
    return { name, problem: openApi.noSyntax }
  }
}

/** JSON is YAML too, but a parser of JSON is a hundred times faster. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return parse(text, YAML) as unknown
  }
}
