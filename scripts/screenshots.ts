// `npm run screenshots` photographs every page, dialog and state of the dashboard, light and dark, wide and narrow, into
// `screenshots/`, and those of the documents into `docs/screenshots/`. `npm run screenshots -- keys policies` takes only
// those whose names begin so.

import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { type Acme, openAcme } from '../test/dashboard/looks/acme.ts'
import { LOOKS, type Look } from '../test/dashboard/looks/looks.ts'
import { ask, pageFor, questionsOn, show } from '../test/dashboard/looks/show.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = join(ROOT, 'screenshots')
const DOCS = join(ROOT, 'docs/screenshots')
/** How long the organization in the pictures exists. */
const HOURS = 7 * 24
const SIZES = {
  wide: { width: 1440, height: 900 },
  narrow: { width: 360, height: 800 },
} as const
const SCHEMES = ['dark', 'light'] as const

/** The buttons whose questions were photographed. */
const asked = { wide: new Set<string>(), narrow: new Set<string>() }

async function photograph(look: Look, acme: Acme): Promise<void> {
  const { name, isInDocs = false } = look
  for (const size of ['wide', 'narrow'] as const) {
    await using own = await pageFor(look, acme)
    const { page } = own
    await page.setViewportSize(SIZES[size])
    await show(page, look, acme)
    await save(page, `${name}-${size}`)
    if (isInDocs && size === 'wide') await page.screenshot({ path: join(DOCS, `${name}.png`) })
    for (const question of await questionsOn(page, asked[size])) {
      await show(page, look, acme)
      await ask(page, question)
      await save(page, `${name}-${question.replaceAll(/[^a-z]+/gi, '-').toLowerCase()}${size}`)
    }
  }
  console.log(name)
}

/** Photographs what a page shows, dark and light. It is light afterwards. */
async function save(page: Page, name: string): Promise<void> {
  // What lies under the pointer would look as if it were chosen.
  await page.mouse.move(0, 0)
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' })
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`) })
  }
}

async function main(wanted: readonly string[]): Promise<void> {
  await using acme = await openAcme(HOURS)
  if (wanted.length === 0) await rm(FOLDER, { recursive: true, force: true })
  await mkdir(DOCS, { recursive: true })
  const looks = LOOKS.filter(
    ({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)),
  )
  for (const look of looks) await photograph(look, acme)
  console.log(`\n${looks.length + asked.wide.size} pages, dialogs and states are in ${FOLDER}`)
}

await main(process.argv.slice(2))
