// `npm run sdk` writes the generated files of the SDK, from openapi/openapi.json.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, type FormatConfig } from 'oxfmt'
import { operationsOf, type OpenApiDocument } from './sdk/operations.ts'
import { sdkTexts } from './sdk/sdk-text.ts'
import { withoutUnusedImports } from './sdk/unused-imports.ts'

const ROOT = join(import.meta.dirname, '..')

/** The folder of the generated files. */
export const SDK_FOLDER = join(ROOT, 'packages', 'sdk', 'src', 'generated')

/** The text of each generated file, by its name, from the OpenAPI document in the repository. */
export async function generatedTexts(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(ROOT, 'openapi', 'openapi.json'), 'utf8')
  const texts = sdkTexts(operationsOf(JSON.parse(text) as OpenApiDocument))
  const config = JSON.parse(await readFile(join(ROOT, '.oxfmtrc.json'), 'utf8')) as FormatConfig
  const formatted = Object.entries(texts).map(async ([name, source]) => {
    const { code, errors } = await format(name, withoutUnusedImports(source), config)
    if (errors.length > 0) throw new Error(`${name}: ${errors.map(({ message }) => message).join('; ')}`)
    return [name, code] as const
  })
  return Object.fromEntries(await Promise.all(formatted))
}

if (import.meta.main) {
  await mkdir(SDK_FOLDER, { recursive: true })
  for (const [name, text] of Object.entries(await generatedTexts())) {
    await writeFile(join(SDK_FOLDER, name), text)
    console.log(`wrote packages/sdk/src/generated/${name}`)
  }
}
