// `npm run screenshots` photographs every page, dialog and state of the dashboard, light and dark, wide and narrow, into
// `screenshots/`, and those of the documents into `docs/screenshots/`. `npm run screenshots -- keys policies` takes only
// those whose names begin so.

import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { openDashboard, signIn } from '../test/support/dashboard.ts'
import { temporaryFolder } from '../test/support/server-process.ts'
import { shiftedClock } from '../test/support/shifted-clock.ts'
import { fillAcme, HOURS } from './screenshots/acme.ts'
import { allShots, type Shot } from './screenshots/shots.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = join(ROOT, 'screenshots')
const DOCS = join(ROOT, 'docs/screenshots')
const HOUR_MS = 3_600_000
const SIZES = {
  wide: { width: 1440, height: 900 },
  narrow: { width: 360, height: 800 },
} as const
const SCHEMES = ['light', 'dark'] as const

async function photograph(page: Page, shot: Shot): Promise<void> {
  const { name, path, prepare, isInDocs = false, hasRequestsLeft = false } = shot
  const url = path.startsWith('/') ? path : `/organizations/acme/${path}`
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport)
    await page.goto('about:blank')
    await page.goto(url)
    await page.locator('h1').first().waitFor()
    await page.waitForLoadState('networkidle')
    await prepare?.(page)
    if (!hasRequestsLeft) await page.waitForLoadState('networkidle')
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' })
      await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`) })
      if (isInDocs && size === 'wide' && colorScheme === 'light') {
        await page.screenshot({ path: join(DOCS, `${name}.png`) })
      }
    }
    await page.unrouteAll()
  }
  console.log(name)
}

async function main(wanted: readonly string[]): Promise<void> {
  await using folder = await temporaryFolder()
  const clock = await shiftedClock(folder.path)
  await clock.set(-HOURS * HOUR_MS)
  await using dashboard = await openDashboard(clock.settings)
  const shown = await fillAcme(dashboard, clock)
  await using visitor = await dashboard.newContext()
  const visitorPage = await visitor.newPage()
  await visitor.request.post('/v1/portal/open', { data: { secret: shown.portalLink.split('#')[1] } })
  await signIn(dashboard.context)
  if (wanted.length === 0) await rm(FOLDER, { recursive: true, force: true })
  await mkdir(DOCS, { recursive: true })
  const shots = allShots(shown).filter(
    ({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)),
  )
  for (const shot of shots) await photograph(shot.isPublic === true ? visitorPage : dashboard.page, shot)
  console.log(`\n${shots.length} pages, dialogs and states are in ${FOLDER}`)
}

await main(process.argv.slice(2))
