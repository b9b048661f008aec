// `npm run sdk` writes the generated files of the SDK and of the command line, from openapi/openapi.json.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { format, type FormatConfig } from 'oxfmt'
import { operationFieldsText } from './sdk/operation-fields.ts'
import { operationsOf, type OpenApiDocument } from './sdk/operations.ts'
import { sdkTexts } from './sdk/sdk-text.ts'
import { withoutUnusedImports } from './sdk/unused-imports.ts'

const ROOT = join(import.meta.dirname, '..')

/** A file as it is in the repository, or should be. */
export interface GeneratedFile {
  /** From the root. */
  readonly path: string
  readonly text: string
}

/** The folders that hold nothing but generated files, from the root. */
export const GENERATED_FOLDERS = {
  sdk: 'packages/sdk/src/generated',
  cli: 'packages/cli/src/generated',
} as const

/** The generated files, from the OpenAPI document in the repository. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const text = await readFile(join(ROOT, 'openapi', 'openapi.json'), 'utf8')
  const operations = operationsOf(JSON.parse(text) as OpenApiDocument)
  const texts = [
    ...Object.entries(sdkTexts(operations)).map(
      ([name, source]) => [GENERATED_FOLDERS.sdk, name, source] as const,
    ),
    [GENERATED_FOLDERS.cli, 'operation-fields.ts', operationFieldsText(operations)] as const,
  ]
  const config = JSON.parse(await readFile(join(ROOT, '.oxfmtrc.json'), 'utf8')) as FormatConfig
  return await Promise.all(
    texts.map(async ([folder, name, source]) => {
      const { code, errors } = await format(name, withoutUnusedImports(source), config)
      if (errors.length > 0) throw new Error(`${name}: ${errors.map(({ message }) => message).join('; ')}`)
      return { path: `${folder}/${name}`, text: code }
    }),
  )
}

if (import.meta.main) {
  for (const { path, text } of await generatedFiles()) {
    await mkdir(join(ROOT, dirname(path)), { recursive: true })
    await writeFile(join(ROOT, path), text)
    console.log(`wrote ${path}`)
  }
}
