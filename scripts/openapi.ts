// `npm run openapi` writes the management API's document to openapi/openapi.json.

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openControlWorld } from '../packages/server/src/control/testing/control-world.ts'

export const OPENAPI_FILE = join(import.meta.dirname, '..', 'openapi', 'openapi.json')

/** The text of the OpenAPI document that the code describes. Nothing listens, and the store is a temporary one. */
export async function openapiText(): Promise<string> {
  await using world = await openControlWorld()
  await world.app.ready()
  return `${JSON.stringify(world.app.swagger(), null, 2)}\n`
}

if (import.meta.main) {
  await mkdir(dirname(OPENAPI_FILE), { recursive: true })
  await writeFile(OPENAPI_FILE, await openapiText())
  console.log(`wrote ${OPENAPI_FILE}`)
}
