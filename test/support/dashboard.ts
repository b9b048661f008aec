import { readFile } from 'node:fs/promises'
import axe, { type AxeResults, type RunOptions } from 'axe-core'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { ApiClient, textAt } from './api-client.ts'
import { startBrowser } from './browser.ts'
import { noteRequests } from './settled.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './server-process.ts'

/** The password of the people that tests make. */
export const PASSWORD = 'correct horse battery staple'
export const OWNER_EMAIL = 'olivia@example.com'

/** How long a test waits for something on a page, in ms, on a machine that is busy with other suites. */
const WAIT_MS_MAX = 20_000

/** A page that the browser logs for a reason: a refused request, which pages show themselves. */
const EXPECTED = /^Failed to load resource: the server responded with a status of 4\d\d/

/** The dashboard of a new server in a real browser, whose organization `acme` has the owner Olivia. */
export interface Dashboard extends AsyncDisposable {
  readonly server: ServerProcess
  /** The API as the owner key of the organization. */
  readonly acme: ApiClient
  /** A page of the browser context below. */
  readonly page: Page
  readonly context: BrowserContext
  /** What the browser has complained about, such as a breach of the policy of the page. */
  readonly faults: readonly string[]
  /** Opens a context of its own, as of another person. */
  readonly newContext: () => Promise<BrowserContext>
  /** Opens the page of an organization, such as `keys`. */
  readonly open: (path: string, page?: Page) => Promise<void>
}

/** Starts a server with an organization, and a browser. */
export async function openDashboard(settings: Readonly<Record<string, string>> = {}): Promise<Dashboard> {
  await using stack = new AsyncDisposableStack()
  const { path } = stack.use(await temporaryFolder())
  const server = stack.use(await startServerProcess({ SALLYPORT_DATA: path, ...settings }))
  const visitor = new ApiClient(server.controlUrl)
  const made = await visitor.must('POST', '/v1/setup', {
    setupToken: server.setupToken,
    organization: { slug: 'acme', name: 'Acme' },
    owner: { email: OWNER_EMAIL, name: 'Olivia Owner', password: PASSWORD },
  })
  const browser = stack.adopt(await startBrowser(), async (started) => await started.close())
  const faults: string[] = []
  const newContext = async (): Promise<BrowserContext> => {
    const context = await browser.newContext({
      // Passkeys need a domain, which this is with its public URL.
      baseURL: settings['SALLYPORT_PUBLIC_URL'] ?? server.controlUrl,
      permissions: ['clipboard-read', 'clipboard-write'],
      reducedMotion: 'reduce',
      viewport: { width: 1440, height: 900 },
    })
    context.setDefaultTimeout(WAIT_MS_MAX)
    context.on('page', (page) => {
      watch(page, faults)
      noteRequests(page)
    })
    return context
  }
  const context = await newContext()
  const page = await context.newPage()
  const resources = stack.move()
  return {
    server,
    acme: visitor.as(textAt(made, 'token')),
    page,
    context,
    faults,
    newContext,
    open: async (name, on = page) => void (await on.goto(`/organizations/acme/${name}`)),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

function watch(page: Page, faults: string[]): void {
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('console', (message) => {
    const isFault = message.type() === 'error' || message.type() === 'warning'
    if (isFault && !EXPECTED.test(message.text())) faults.push(message.text())
  })
}

/** Signs a person in with the password of the tests, without the page for it. */
export async function signIn(context: BrowserContext, email = OWNER_EMAIL): Promise<void> {
  const response = await context.request.post('/v1/auth/sign-in', { data: { email, password: PASSWORD } })
  if (!response.ok()) throw new Error(`sign-in of ${email} answered ${response.status()}`)
}

/** Saves the next file that the page offers, and reads it. */
export async function downloaded(page: Page, start: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), start()])
  return await readFile(await download.path(), 'utf8')
}

/** The most things on a page that the keyboard reaches one after the other. */
const STOPS_MAX = 200

/** Presses Tab until something has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  const focused = target.and(page.locator(':focus'))
  for (let stop = 0; (await focused.count()) === 0; stop += 1) {
    if (stop === STOPS_MAX) throw new Error(`Tab does not reach ${String(target)}`)
    await page.keyboard.press('Tab')
  }
}

const AXE_OPTIONS: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
  // What it would load for rules that are not among these.
  preload: false,
}

const COLORS = ['color-contrast', 'link-in-text-block'] as const
/** Dark differs from light by its colours alone, so the other rules find the same in both. */
const COLOR_RULES: RunOptions = { ...AXE_OPTIONS, runOnly: { type: 'rule', values: [...COLORS] } }
/** No colour is one of the narrow window alone. */
const NARROW_RULES = without(...COLORS)
/** Nothing has less room in the wide window than in the narrow one. */
const WIDE_RULES = without('target-size')

function without(...rules: readonly string[]): RunOptions {
  return { ...AXE_OPTIONS, rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: false }])) }
}

/** A dialog hides what is below it, which was looked at before it opened. */
const TOP_LAYER = '[role="dialog"][aria-modal="true"]'
/** The navigation is the same beside every page of an organization, and has more in it than most of them. */
const NAVIGATION = 'nav[aria-label="Main"]'

/** The tabs of the browser whose navigation was looked at. */
const navigationsSeen = new WeakSet<Page>()

/**
 * What axe finds on a page, or in the dialog that it shows, by the rules of WCAG 2.2 AA and its best practices: one line for each fault.
 * The navigation of a tab is looked at the first time only.
 */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  const isBesideNavigation = navigationsSeen.has(page)
  if (await page.locator(NAVIGATION).isVisible()) navigationsSeen.add(page)
  return await axeFaults(page, AXE_OPTIONS, isBesideNavigation)
}

async function axeFaults(
  page: Page,
  rules: RunOptions,
  isBesideNavigation: boolean,
): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source)
  const all = isBesideNavigation ? `{ exclude: '${NAVIGATION}' }` : 'document'
  const violations = await page.evaluate<AxeResults['violations']>(
    `axe
      .run(document.querySelector('${TOP_LAYER}') === null ? ${all} : '${TOP_LAYER}', ${JSON.stringify(rules)})
      .then(({ violations }) => violations)`,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`),
  )
}

/** Whether a page scrolls sideways. */
export async function scrollsSideways(page: Page): Promise<boolean> {
  return await page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  )
}

const WIDE_PX = { width: 1440, height: 900 } as const
const NARROW_PX = { width: 360, height: 900 } as const
/** What a window 1280 px wide shows at a zoom of 200 %. */
const ZOOMED_PX = { width: 640, height: 450 } as const
const TWO_FRAMES = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'

/**
 * What is looked at one after the other. Each change of the window or the colours draws the page anew. The rules that take axe
 * the longest are asked only where they can find something else than before.
 */
const VIEWS = [
  { colorScheme: 'dark', size: WIDE_PX, rules: COLOR_RULES },
  { colorScheme: 'light', size: NARROW_PX, rules: NARROW_RULES },
  { colorScheme: 'light', size: ZOOMED_PX, rules: undefined },
  { colorScheme: 'light', size: WIDE_PX, rules: WIDE_RULES },
] as const

/**
 * What is wrong with the look of a page in light and dark, wide and narrow: what axe finds, and where it scrolls sideways,
 * also at a zoom of 200 %.
 * The page is not loaded again, and is light and wide afterwards. Its navigation is looked at the first time only.
 */
export async function lookFaults(page: Page): Promise<readonly string[]> {
  const isBesideNavigation = navigationsSeen.has(page)
  if (await page.locator(NAVIGATION).isVisible()) navigationsSeen.add(page)
  const faults: string[] = []
  for (const { colorScheme, size, rules } of VIEWS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' })
    await page.setViewportSize(size)
    await page.evaluate(TWO_FRAMES)
    const place = `${colorScheme} at ${size.width} px`
    const found = rules === undefined ? [] : await axeFaults(page, rules, isBesideNavigation)
    if (await scrollsSideways(page)) faults.push(`${place} scrolls sideways`)
    faults.push(...found.map((fault) => `${place}: ${fault}`))
  }
  return faults
}
