import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appCode } from '../support/authenticator-app.ts'
import { accessibilityFaults, lookFaults, PASSWORD, signIn } from '../support/dashboard.ts'
import { addAuthenticator, openPeopleDashboard, type PeopleDashboard } from '../support/dashboard-people.ts'

/*
 * How people sign in, and what they change about themselves, in a real browser: with a real OpenID provider, mails over
 * SMTP, the authenticator of the browser, and the codes of an app.
 */

const MINUTE_MS = 60_000
/** After this long, a confirmation no longer holds. */
const UNCONFIRMED_MS = 6 * MINUTE_MS
const NEW_PASSWORD = 'battery horse staple correct'

let people: PeopleDashboard

beforeAll(async () => {
  people = await openPeopleDashboard()
})

afterAll(async () => {
  await people[Symbol.asyncDispose]()
})

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(new URL(page.url()).search).toBe('')
}

/** Ends the session at the provider, which would otherwise not ask who it is. */
async function signOutOfProvider(page: Page): Promise<void> {
  await page.context().clearCookies({ domain: '127.0.0.1' })
}

async function typeIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const step = (page: Page) => page.getByRole('group', { name: 'Confirm that it is you' })

/** Whether a session of this browser is still there. */
async function isSignedIn(page: Page): Promise<boolean> {
  return (await page.request.get('/v1/session')).ok()
}

describe('the sign-in', () => {
  test('refuses a wrong password, and returns to where the person was', async () => {
    const { page, context, email } = await people.signedIn('Rita')
    await signOutByApi(page)
    await page.goto('/organizations/acme/keys?search=export')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    // Only a session that ended while the page was open has ended for the reader.
    expect(await page.getByText('Your session has ended').count()).toBe(0)
    await typeIn(page, email, 'not the password')
    await page.getByText('The e-mail address or the password is wrong.').waitFor()
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(email)
    await typeIn(page, email)
    await page.getByRole('heading', { name: 'API keys' }).waitFor()
    expect(new URL(page.url()).search).toBe('?search=export')
    await context.close()
  })

  test('leads to a provider and back, and says why the provider or the server refused', async () => {
    const { provider } = people
    const { page, context, email } = await people.signedIn('Paul')
    await page.goto('/profile?organization=acme')
    await page.getByText('No account is linked.').waitFor()
    provider.signedIn = { subject: 'paul', email: 'paul@id.example' }
    await page.getByRole('button', { name: 'Link The acme-id provider' }).click()
    await page.getByText('paul@id.example').waitFor()
    expect(page.url()).toMatch(/\/profile\?organization=acme$/)

    await signOut(page)
    await page.goto('/organizations/acme/keys?search=export')
    const button = page.getByRole('button', { name: 'Sign in with The acme-id provider' })
    provider.signedIn = null
    await signOutOfProvider(page)
    await button.click()
    await page.getByText('The provider did not sign you in').waitFor()
    provider.signedIn = { subject: 'nobody', email }
    await button.click()
    await page.getByText('No account is linked to this one').waitFor()
    await signOutOfProvider(page)
    provider.signedIn = { subject: 'paul' }
    await button.click()
    await page.getByRole('heading', { name: 'API keys' }).waitFor()
    expect(new URL(page.url()).search).toBe('?search=export')

    // The provider has not asked who it is, so the page does.
    await page.goto('/profile?dialog=authenticator')
    await page.getByRole('button', { name: 'Show the QR code' }).click()
    await step(page).getByLabel('Your password').fill('not the password')
    await step(page).getByRole('button', { name: 'Confirm' }).click()
    await step(page).getByText('The password is wrong.').waitFor()
    await step(page).getByLabel('Your password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('img', { name: /^QR code/ }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()

    await page.getByRole('button', { name: 'Unlink…' }).click()
    await page.getByRole('button', { name: 'Unlink', exact: true }).click()
    await page.getByText('No account is linked.').waitFor()
    await context.close()
  })
})

async function signOutByApi(page: Page): Promise<void> {
  await page.request.delete('/v1/session')
}

describe('a second factor', () => {
  test('is added, kept, asked for, and removed with a code', async () => {
    const { provider } = people
    const { page, context, email } = await people.signedIn('Tina')
    await page.goto('/profile')
    provider.signedIn = { subject: 'tina' }
    await page.getByRole('button', { name: 'Link The acme-id provider' }).click()
    await page.getByText('No e-mail address').waitFor()

    await page.getByRole('button', { name: 'Add an authenticator app…' }).click()
    await page.getByRole('button', { name: 'Show the QR code' }).click()
    const secret = await page.getByText(/^[A-Z2-7]{16,}$/).innerText()
    await page.getByLabel('Code that the app shows').fill('000000')
    await page.getByRole('button', { name: 'Add app' }).click()
    await page.getByText('The code is wrong. Check the clock').waitFor()
    await page.getByLabel('Code that the app shows').fill(appCode(secret, people.nowMs()))
    await page.getByRole('button', { name: 'Add app' }).click()
    const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
    await codes.first().waitFor()
    const shown = await codes.allInnerTexts()
    expect(shown).toHaveLength(10)

    expect(await accessibilityFaults(page)).toEqual([])

    // Escape, and back, ask first.
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Close without keeping the codes?' }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page
      .getByRole('heading', { name: 'Close without keeping the codes?' })
      .waitFor({ state: 'detached' })
    await page.evaluate('history.back()')
    await page.getByRole('button', { name: 'Copy and close' }).click()
    await codes.first().waitFor({ state: 'detached' })
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(shown.join('\n'))
    expect(await page.content()).not.toContain(shown[0])

    // After a provider, and after the password.
    await page.goto('/profile')
    await page.getByText('10 codes left').waitFor()
    await signOut(page)
    await page.getByRole('button', { name: 'Sign in with The acme-id provider' }).click()
    await page.getByRole('heading', { name: 'Enter your code' }).waitFor()
    await page.getByLabel(/^Code of your/).fill('000000')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('The code is wrong or was used before.').waitFor()
    await page.getByLabel(/^Code of your/).fill(shown[0] ?? '')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await signOut(page)
    await typeIn(page, email)
    await page.getByText('Your account has a second factor.').waitFor()
    await page.getByLabel(/^Code of your/).fill(shown[1] ?? '')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()

    await people.pass(UNCONFIRMED_MS)
    await page.goto('/profile')
    await page.getByText('8 codes left').waitFor()
    await page.getByRole('button', { name: 'New codes…' }).click()
    await page.getByRole('button', { name: 'Replace codes' }).click()
    await step(page).getByText('the password is not enough').waitFor()
    expect(await page.getByLabel('Your password').count()).toBe(0)
    await step(page)
      .getByLabel(/^Code of your/)
      .fill(appCode(secret, people.nowMs()))
    await page.keyboard.press('Enter')
    await codes.first().waitFor()
    expect(await codes.allInnerTexts()).not.toContain(shown[2])
    await page.getByRole('button', { name: 'Copy all' }).click()
    await page.getByRole('button', { name: 'Close', exact: true }).click()

    await page.getByRole('button', { name: 'Remove…' }).click()
    await page.getByRole('button', { name: 'Remove app' }).click()
    await page.getByText('Your password alone signs you in.').waitFor()
    await context.close()
  })
})

describe('a passkey', () => {
  test('is added, renamed, signs in, confirms, and is removed with its sessions', async () => {
    const { page, context } = await people.signedIn('Kim')
    await addAuthenticator(page)
    await people.pass(UNCONFIRMED_MS)
    await page.goto('/profile')
    await page.getByRole('button', { name: 'Add a passkey…' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Laptop')
    await page.getByRole('button', { name: 'Go on' }).click()
    await step(page).getByLabel('Your password').fill(PASSWORD)
    await step(page).getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('Passkey Laptop is added').waitFor()
    await page.getByRole('button', { name: 'Rename…' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Work laptop')
    await page.getByRole('button', { name: 'Rename', exact: true }).click()
    const passkeys = page.getByRole('list', { name: 'Passkeys' })
    await passkeys.getByText('Work laptop').waitFor()

    // The same device has one already.
    await page.getByRole('button', { name: 'Add a passkey…' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('This device has a passkey for your account already').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()

    await signOut(page)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()

    await people.pass(UNCONFIRMED_MS)
    await page.goto('/profile')
    await page.getByRole('button', { name: 'Remove…' }).click()
    await page.getByRole('button', { name: 'Remove passkey' }).click()
    await step(page).getByText('Passkey', { exact: true }).click()
    await step(page).getByRole('button', { name: 'Confirm' }).click()
    // The session that it opened ends with it.
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await isSignedIn(page)).toBe(false)
    await context.close()
  })
})

describe('a password', () => {
  test('is changed in the profile, which ends the other sessions', async () => {
    const { page, context, email } = await people.signedIn('Nora')
    const elsewhere = await people.dashboard.newContext()
    await signIn(elsewhere, email)
    const other = await elsewhere.newPage()
    await page.goto('/profile?dialog=password')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Current password').fill('not the password')
    await dialog.getByLabel('New password').fill(NEW_PASSWORD)
    await dialog.getByRole('button', { name: 'Change password' }).click()
    await dialog.getByText('The current password is wrong.').waitFor()
    expect(await isSignedIn(other)).toBe(true)
    await dialog.getByLabel('Current password').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Your password is changed.').waitFor()
    expect([await isSignedIn(page), await isSignedIn(other)]).toEqual([true, false])
    await elsewhere.close()
    await context.close()
  })

  test('is set anew with the link of a mail, once, and the link leaves no trace', async () => {
    const { page, context, email } = await people.signedIn('Bea')
    await signOutByApi(page)
    await page.goto('/sign-in')
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
    await page.getByLabel('E-mail address').fill(email)
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByText('a mail with a link is on its way').waitFor()
    const link = await resetLinkFor(email)
    const token = new URL(link).hash.slice(1)
    await page.goto(link)
    await page.getByLabel('New password').fill('12345678')
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('New password').fill(NEW_PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('heading', { name: 'Your new password is set' }).waitFor()
    expect(page.url()).not.toContain('#')
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state, document.documentElement.outerHTML])',
    )
    expect(kept).not.toContain(token)

    await page.getByRole('link', { name: 'Sign in' }).click()
    await typeIn(page, email, NEW_PASSWORD)
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.goto(link)
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByText('This link does not work any more').waitFor()
    await page.goto('/reset-password')
    await page.getByText('The link is not complete').waitFor()
    await context.close()
  })
})

/** The link in the mail to a person who forgot the password. */
async function resetLinkFor(email: string): Promise<string> {
  const find = (): string | undefined =>
    people.mails.mails
      .filter(({ to }) => to.includes(email))
      .map(({ text }) => /http\S+\/reset-password#\S+/.exec(text)?.[0])
      .find((link) => link !== undefined)
  await expect.poll(find).toBeDefined()
  return find() ?? ''
}

describe('a step-up', () => {
  test('is asked for on the page of an act that needs one, which then goes on', async () => {
    const { page: guest, context: guestContext, email } = await people.signedIn('Rick')
    const session = await guest.request.get('/v1/session')
    const { member } = (await session.json()) as { readonly member: { readonly id: string } }
    const { context, page } = people.dashboard
    await signIn(context)
    await people.pass(UNCONFIRMED_MS)
    await page.goto(`/organizations/acme/members?member=${member.id}`)
    await page.getByRole('button', { name: 'Reset link…' }).click()
    await page.getByRole('button', { name: 'Make link' }).click()
    await step(page).getByLabel('Your password').fill(PASSWORD)
    await step(page).getByRole('button', { name: 'Confirm' }).click()
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue()
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()

    await guest.goto(link)
    await guest.getByLabel('New password').fill(NEW_PASSWORD)
    await guest.getByRole('button', { name: 'Set password' }).click()
    await guest.getByRole('link', { name: 'Sign in' }).click()
    await typeIn(guest, email, NEW_PASSWORD)
    await guest.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await guestContext.close()
  })
})

describe('sessions', () => {
  test('are listed, ended one by one, and all at once', async () => {
    const { page, context, email } = await people.signedIn('Sara')
    const others = await Promise.all([1, 2, 3].map(async () => await people.dashboard.newContext()))
    for (const other of others) await signIn(other, email)
    const live = async (): Promise<number> => {
      const answers = await Promise.all(others.map(async ({ request }) => await request.get('/v1/session')))
      return answers.filter((answer) => answer.ok()).length
    }
    await page.goto('/profile')
    const listed = page.getByRole('list', { name: 'Other sessions' }).getByRole('listitem')
    await listed.nth(2).waitFor()
    expect(await listed.count()).toBe(3)
    await listed.first().getByRole('button').click()
    await listed.nth(2).waitFor({ state: 'detached' })
    expect(await live()).toBe(2)
    await page.getByRole('button', { name: 'End all others…' }).click()
    await page.getByRole('button', { name: 'End sessions' }).click()
    await page.getByText('You are signed in only here.').waitFor()
    expect(await live()).toBe(0)
    for (const other of others) await other.close()
    await context.close()
  })

  test('that end while the profile is open lead to the sign-in and back', async () => {
    const { page, context, email } = await people.signedIn('Eve')
    await page.goto('/profile?dialog=end-sessions')
    await page.getByRole('heading', { name: 'End all your other sessions?' }).waitFor()
    await signOutByApi(page)
    await page.getByRole('button', { name: 'End sessions' }).click()
    await page.getByText('Your session has ended').waitFor()
    await typeIn(page, email)
    await page.getByRole('heading', { name: 'End all your other sessions?' }).waitFor()
    await context.close()
  })
})

describe('the profile', () => {
  test('says what failed or is forbidden, and goes on when asked', async () => {
    const { page, context } = await people.signedIn('Fay')
    const refusal = (status: number, code: string) => ({
      status,
      contentType: 'application/problem+json',
      headers: { 'x-request-id': 'req_1' },
      body: JSON.stringify({
        type: `urn:sallyport:${code}`,
        title: code,
        status,
        code,
        detail: `Refused with ${code}.`,
      }),
    })
    await page.route('**/v1/session/others', async (route) => await route.fulfill(refusal(409, 'conflict')))
    await page.route(
      '**/v1/person/passkeys',
      async (route) => await route.fulfill(refusal(403, 'permission_missing')),
    )
    await page.goto('/profile')
    await page.getByText('You may not do this').waitFor()
    const failed = page.getByRole('alert').filter({ hasText: 'Refused with conflict.' })
    await failed.getByText('req_1').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.unroute('**/v1/session/others')
    await failed.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('You are signed in only here.').waitFor()
    await context.close()
  })

  test('keeps what was read while the server cannot be reached', async () => {
    const { page, context } = await people.signedIn('Gil')
    await page.goto('/profile?dialog=password')
    await page.getByRole('dialog').getByLabel('New password').fill(NEW_PASSWORD)
    await context.setOffline(true)
    await page.getByRole('dialog').getByRole('button', { name: 'Change password' }).click()
    await page.getByText(/The connection was lost at/).waitFor()
    await page.getByRole('dialog').getByText('The server cannot be reached').waitFor()
    expect(await page.getByRole('dialog').getByLabel('New password').inputValue()).toBe(NEW_PASSWORD)
    await context.setOffline(false)
    await page.getByText(/The connection was lost at/).waitFor({ state: 'detached' })
    await context.close()
  })

  test('offers no passkeys at an address, because they belong to a domain', async () => {
    const { context, page, email } = await people.signedIn('Hal')
    const address = people.dashboard.server.controlUrl.replace('localhost', '127.0.0.1')
    await page.goto(`${address}/profile`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0)
    await typeIn(page, email)
    await page.getByText('Passkeys belong to a domain.').waitFor()
    expect(await page.getByRole('button', { name: 'Add a passkey…' }).count()).toBe(0)
    await context.close()
  })
})

test('nothing is wrong with the look of the QR code and the step-up', async () => {
  const { page, context } = await people.signedIn('Axel')
  const showCode = async (): Promise<void> => {
    await page.goto('/profile?dialog=authenticator')
    await page.getByRole('button', { name: 'Show the QR code' }).click()
  }
  await showCode()
  await page.getByRole('img', { name: /^QR code/ }).waitFor()
  expect(await lookFaults(page)).toEqual([])
  await people.pass(UNCONFIRMED_MS)
  await showCode()
  await step(page).waitFor()
  expect(await lookFaults(page)).toEqual([])
  await context.close()
})

test('the browser has complained about nothing', () => {
  // One test is without a connection.
  const faults = people.dashboard.faults.filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED'))
  expect(faults).toEqual([])
})
