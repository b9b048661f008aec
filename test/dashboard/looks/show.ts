import type { Page } from 'playwright-core'
import { goTo, settled } from '../../support/settled.ts'
import type { Acme } from './acme.ts'
import type { Look } from './looks.ts'

/** No page, which needs nothing of the server. */
const NOWHERE = '/nowhere'

/** The page to show a look on. All looks of members share one page, and those of visitors another; some need one of their own. */
export async function pageFor(look: Look, acme: Acme): Promise<{ readonly page: Page } & AsyncDisposable> {
  const shared = look.isPublic === true ? acme.visitor : acme.member
  if (look.isApart !== true) return { page: shared, [Symbol.asyncDispose]: async () => {} }
  const page = await shared.context().newPage()
  return { page, [Symbol.asyncDispose]: async () => await page.close() }
}

/** The address of a look. */
export function addressOf({ path }: Look, shown: Acme['shown']): string {
  const text = typeof path === 'string' ? path : path(shown)
  return text.startsWith('/') ? text : `/organizations/acme/${text}`
}

/** Brings a page into the state of the look. */
export async function show(page: Page, look: Look, { dashboard: { acme }, shown }: Acme): Promise<void> {
  const address = addressOf(look, shown)
  if (page.url() === 'about:blank') {
    await page.goto(address)
  } else {
    // Loading everything anew would take most of the time.
    await goTo(page, NOWHERE)
    await goTo(page, address)
  }
  await page.getByRole('heading', { level: 1, includeHidden: true }).first().waitFor()
  await look.prepare?.(page, acme)
  if (look.hasRequestsLeft !== true) await settled(page)
}

/** An address without its origin, and with its parameters in order. */
export function placeOf(address: string): string {
  const { pathname, searchParams } = new URL(address, 'http://localhost')
  searchParams.sort()
  return `${pathname.replace(/(?<=.)\/$/, '')}?${searchParams.toString()}`
}

/** The part of `HTMLButtonElement` that is needed here; these files know no types of browsers. */
interface ShownButton {
  readonly innerText: string
  checkVisibility(): boolean
  matches(selector: string): boolean
}

/**
 * The words of the buttons on a page that ask something before they act, as their ellipsis says.
 *
 * @param asked those of earlier looks, which are left out; gets those of this one
 */
export async function questionsOn(page: Page, asked: Set<string>): Promise<readonly string[]> {
  // Every pipeline has the same buttons.
  const place = new URL(page.url()).pathname.replace(/pipelines\/.*/, 'pipelines/one')
  // What lies below a dialog cannot be pressed.
  const dialog = page.locator('[role="dialog"][aria-modal="true"]').last()
  const onTop = (await dialog.count()) === 0 ? page : dialog
  const found: string[] = []
  // In one look: a page that reads again may replace its buttons meanwhile.
  const pressable = await onTop
    .getByRole('button', { name: /…$/ })
    .evaluateAll((buttons) =>
      (buttons as unknown as readonly ShownButton[])
        .filter(
          (button) => button.checkVisibility() && button.matches(':enabled:not([aria-disabled="true"])'),
        )
        .map(({ innerText }) => innerText),
    )
  for (const words of pressable) {
    if (!asked.has(`${place} ${words}`)) found.push(words)
    asked.add(`${place} ${words}`)
  }
  return found
}

/** Presses such a button, and waits for its question: a dialog or fields beside the page, or another address. */
export async function ask(page: Page, question: string): Promise<void> {
  const parts = page.getByRole('dialog').or(page.getByRole('heading')).or(page.getByRole('textbox'))
  const partCount = await parts.count()
  const before = page.url()
  await page.getByRole('button', { name: question }).first().click()
  await Promise.any([parts.nth(partCount).waitFor(), page.waitForURL(({ href }) => href !== before)])
  await settled(page)
}
