// `npm run sdk` writes the generated files of the SDK, from openapi/openapi.json.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
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
  const config = await resolveConfig(join(SDK_FOLDER, 'types.ts'))
  const formatted = Object.entries(texts).map(
    async ([name, source]) =>
      [name, await format(withoutUnusedImports(source), { ...config, parser: 'typescript' })] as const,
  )
  return Object.fromEntries(await Promise.all(formatted))
}

if (import.meta.main) {
  await mkdir(SDK_FOLDER, { recursive: true })
  for (const [name, text] of Object.entries(await generatedTexts())) {
    await writeFile(join(SDK_FOLDER, name), text)
    console.log(`wrote packages/sdk/src/generated/${name}`)
  }
}
