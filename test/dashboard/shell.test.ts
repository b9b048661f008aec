import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishPipeline } from '../support/dashboard-pipeline.ts'
import {
  accessibilityFaults,
  type Dashboard,
  openDashboard,
  scrollsSideways,
  signIn,
} from '../support/dashboard.ts'
import { settled } from '../support/settled.ts'

/*
 * The frame around the pages: the search, the keys, the top bar and the navigation.
 */

const ACME = '/v1/organizations/acme'
let dashboard: Dashboard

beforeAll(async () => {
  dashboard = await openDashboard()
  await signIn(dashboard.context)
  await dashboard.acme.must('POST', `${ACME}/keys`, {
    name: 'Billing <b>export</b>',
    type: 'secret',
    environment: 'prod',
  })
  await publishPipeline(dashboard.acme, 'invoices')
  await dashboard.acme.must('POST', `${ACME}/consumers`, { name: 'web-shop', environment: 'test' })
})

afterAll(async () => {
  await dashboard[Symbol.asyncDispose]()
})

describe('the search', () => {
  test('finds a page and a key by the keyboard alone', async () => {
    const { page, open } = dashboard
    await open('keys')
    await page.getByRole('link', { name: 'Owner' }).waitFor()
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox', { name: 'Search or run a command' })
    await field.fill('poli')
    await page.getByRole('option', { name: /Policies/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Policies' }).waitFor()
    await page.keyboard.press('Control+k')
    await field.fill('billing')
    await page.getByRole('option', { name: /Billing <b>export/ }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    // A name is only ever text.
    await page.getByRole('heading', { name: 'Billing <b>export</b>' }).waitFor()
  })

  test('finds pipelines and consumers by their names, and forms by other words', async () => {
    const { page } = dashboard
    const field = page.getByRole('combobox', { name: 'Search or run a command' })
    const leadsTo = async (text: string, option: RegExp, address: RegExp): Promise<void> => {
      await page.keyboard.press('Control+k')
      await field.fill(text)
      await page.getByRole('option', { name: option }).click()
      await page.waitForURL(address)
      // The search does not open over a dialog, which it is itself until it is gone.
      await field.waitFor({ state: 'detached' })
      await settled(page)
    }
    await leadsTo('invo', /^invoices Pipeline$/, /\/pipelines\/invoices/)
    await leadsTo('shop test', /^web-shop Consumer in test$/, /\/consumers\?consumer=con_/)
    await leadsTo('csv', /^Import keys Command$/, /\/keys\/imports\?form=new/)
    await leadsTo('password', /^Your profile Page$/, /\/profile/)
    await dashboard.open('keys')
  })

  test('says when nothing fits, and closes', async () => {
    const { page } = dashboard
    await page.getByRole('button', { name: /Search or run a command/ }).click()
    await page.getByRole('combobox', { name: 'Search or run a command' }).fill('zzz nothing')
    await page.getByText('Nothing fits.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Nothing fits.').waitFor({ state: 'detached' })
  })
})

test('letters lead to pages, but not while something is typed', async () => {
  const { page, open } = dashboard
  await open('keys')
  await page.getByRole('link', { name: 'Owner' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('gl')
  await page.getByText('No key fits').waitFor()
  await page.getByRole('searchbox').blur()
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await page.getByRole('heading', { name: 'Policies' }).waitFor()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Shortcuts' })
  await help.getByText('Go to API keys').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await help.waitFor({ state: 'detached' })
})

test('the environment of the top bar filters the pages and stays in the URL', async () => {
  const { page, open } = dashboard
  await open('keys')
  await page.getByRole('link', { name: 'Owner' }).waitFor()
  await page.getByRole('button', { name: 'Environment: All environments' }).click()
  await page.getByRole('menuitem', { name: 'prod' }).click()
  await page.getByText('1 of 1 loaded').waitFor()
  await page.getByRole('link', { name: 'Policies' }).click()
  await page.waitForURL(/\/policies\?environment=prod/)
  await page.getByText('What prod demands of every exposed pipeline').waitFor()
})

test('menus open in place, with the focus on their first item, and give it back', async () => {
  const { page, open } = dashboard
  await open('keys')
  await page.getByRole('link', { name: 'Owner' }).waitFor()
  for (const name of [/^Organization/, /^Environment/, /account of/, 'Export', 'State']) {
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 740 })
      const button = page.getByRole('button', { name }).first()
      await button.focus()
      await page.keyboard.press('Enter')
      const items = page.getByRole('menu').getByRole('menuitem')
      await items.first().and(page.locator(':focus')).waitFor()
      // Nothing lies over it or cuts it off.
      await items.last().click({ trial: true })
      await items.first().click({ trial: true })
      expect(await accessibilityFaults(page), String(name)).toEqual([])
      expect(await scrollsSideways(page), `${String(name)} at ${width} px`).toBe(false)
      await page.keyboard.press('Escape')
      await button.and(page.locator(':focus')).waitFor()
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('light and dark are a choice that stays', async () => {
  const { page, open } = dashboard
  await open('keys')
  await page.getByRole('button', { name: 'Switch to dark' }).click()
  await page.reload()
  await page.getByRole('button', { name: 'Switch to light' }).click()
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('light')
})

test('on a narrow screen the navigation is behind a button', async () => {
  const { newContext } = dashboard
  const context = await newContext()
  await signIn(context)
  const page = await context.newPage()
  await page.setViewportSize({ width: 360, height: 740 })
  await dashboard.open('keys', page)
  await page.getByRole('button', { name: 'Open navigation' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Policies' }).click()
  await page.getByRole('heading', { name: 'Policies' }).waitFor()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await accessibilityFaults(page)).toEqual([])
  expect(await scrollsSideways(page)).toBe(false)
  // The bar has no room for the theme.
  expect(await page.getByRole('button', { name: 'Switch to dark' }).isVisible()).toBe(false)
  await page.getByRole('button', { name: /account of/ }).click()
  await page.getByRole('menuitem', { name: 'Switch to dark' }).click()
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor({ state: 'attached' })
  await context.close()
})

test('nothing of this was a fault of the page', () => {
  expect(dashboard.faults).toEqual([])
})
