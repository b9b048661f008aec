import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { OPENAPI_FILE, openapiText } from '../scripts/openapi.ts'

test('openapi/openapi.json is the document that the code describes', async () => {
  const committed = await readFile(OPENAPI_FILE, 'utf8').catch(() => '')
  const isCurrent = committed === (await openapiText())
  expect(isCurrent, 'openapi/openapi.json is out of date. Run `npm run openapi` and commit the file.').toBe(
    true,
  )
})
