import type { Page } from 'playwright-core'
import type { Shown } from './acme.ts'

/** A page, dialog or state to photograph. */
export interface Shot {
  /** The name of the file. */
  readonly name: string
  /** Below the pages of the organization, or from `/` on. */
  readonly path: string
  /** Brings the page into the state that is shown. */
  readonly prepare?: (page: Page) => Promise<void>
  /** Whether it waits for an answer that does not come. */
  readonly hasRequestsLeft?: boolean
  /** Whether it is one of those in `docs/screenshots`. */
  readonly isInDocs?: boolean
  /** Whether it is shown to visitors who are not signed in. */
  readonly isPublic?: boolean
}

/** Answers every request of the API that fits with a failure. */
async function failing(page: Page): Promise<void> {
  await page.route('**/v1/organizations/acme/keys?*', async (route) => {
    await route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      headers: { 'x-request-id': 'req_8sK2dQm1ZrX9bLk7' },
      body: JSON.stringify({
        type: 'urn:sallyport:problem:store_unavailable',
        title: 'The database cannot be reached',
        status: 503,
        detail: 'The database did not answer. Nothing was changed. Try again.',
        code: 'store_unavailable',
      }),
    })
  })
  await page.reload()
  await page.getByRole('alert').waitFor()
}

async function loading(page: Page): Promise<void> {
  // The answer never comes.
  await page.route('**/v1/organizations/acme/keys?*', () => undefined)
  await page.reload()
  await page.getByRole('status', { name: 'Loading' }).waitFor()
}

const press =
  (name: string) =>
  async (page: Page): Promise<void> =>
    await page.getByRole('button', { name }).first().click()

/** Everything that the dashboard shows, in the order of its navigation. */
export function allShots({ rolling, leaving, consumer, externalKey }: Shown): readonly Shot[] {
  return [
    { name: 'sign-in', path: '/sign-in', isPublic: true },
    { name: 'forgot-password', path: '/forgot-password', isPublic: true },
    { name: 'invitation-unknown', path: '/invitation#unknown', isPublic: true },
    { name: 'portal-link', path: `/portal#${'a'.repeat(32)}`, isPublic: true },
    { name: 'portal-link-cut', path: '/portal#cut', isPublic: true },
    { name: 'portal', path: '/portal', isPublic: true },
    { name: 'portal-key-rolling', path: `/portal?key=${rolling}`, isPublic: true },
    { name: 'portal-create', path: '/portal?dialog=create', isPublic: true },
    {
      name: 'portal-token',
      path: '/portal?dialog=create',
      isPublic: true,
      prepare: async (page) => {
        const dialog = page.getByRole('dialog')
        await dialog.getByLabel('Name').fill('Press kit')
        await dialog.getByRole('button', { name: 'Create key' }).click()
        await page.getByRole('textbox', { name: 'Token' }).waitFor()
      },
    },
    { name: 'overview', path: '', isInDocs: true },
    { name: 'pipelines', path: 'pipelines', isInDocs: true },
    { name: 'pipeline', path: 'pipelines/orders' },
    { name: 'pipeline-deployments', path: 'pipelines/orders?tab=deployments' },
    { name: 'pipeline-versions', path: 'pipelines/orders?tab=versions' },
    { name: 'pipeline-try', path: 'pipelines/orders?panel=try' },
    { name: 'pipeline-create', path: 'pipelines?dialog=create' },
    { name: 'gate-refuses', path: 'pipelines/reports?panel=deploy&to=prod', isInDocs: true },
    { name: 'policies', path: 'policies', isInDocs: true },
    { name: 'policy-effect', path: 'policies?mode=jwt', isInDocs: true },
    { name: 'key-ages', path: 'policies?tab=age' },
    { name: 'environments', path: 'environments' },
    { name: 'environment', path: 'environments?open=prod' },
    { name: 'environment-create', path: 'environments?dialog=create' },
    { name: 'consumers', path: 'consumers' },
    { name: 'consumer', path: `consumers?consumer=${consumer}` },
    { name: 'consumer-create', path: 'consumers?dialog=create' },
    { name: 'keys', path: 'keys', isInDocs: true },
    { name: 'key-rolling', path: `keys?key=${rolling}`, isInDocs: true },
    { name: 'key-create', path: 'keys?dialog=create', isInDocs: true },
    { name: 'key-look-up', path: 'keys?dialog=look-up' },
    { name: 'key-edit', path: `keys?key=${leaving}`, prepare: press('Edit…') },
    { name: 'key-roll', path: `keys?key=${leaving}`, prepare: press('Roll…') },
    { name: 'key-delete', path: `keys?key=${leaving}`, prepare: press('Delete…') },
    { name: 'keys-none-fits', path: 'keys?search=nothing' },
    { name: 'keys-loading', path: 'keys', prepare: loading, hasRequestsLeft: true },
    { name: 'keys-failed', path: 'keys', prepare: failing },
    { name: 'external-keys', path: 'keys/external' },
    { name: 'external-key', path: `keys/external?external=${externalKey}` },
    { name: 'external-key-add', path: 'keys/external?form=add' },
    { name: 'roles', path: 'roles' },
    { name: 'role', path: 'roles?role=developer' },
    { name: 'role-edit', path: 'roles/edit', isInDocs: true },
    { name: 'members', path: 'members' },
    { name: 'invite', path: 'members?dialog=invite' },
    { name: 'invitations', path: 'members/invitations' },
    { name: 'requests', path: 'requests' },
    {
      name: 'request-refused',
      path: 'requests?outcome=refused',
      prepare: async (page) => await page.getByRole('row').getByRole('link').first().click(),
      isInDocs: true,
    },
    { name: 'usage', path: 'usage?by=consumer', isInDocs: true },
    { name: 'audit', path: 'audit', isInDocs: true },
    { name: 'audit-event', path: 'audit?event=12' },
    { name: 'webhooks', path: 'webhooks' },
    { name: 'webhook-create', path: 'webhooks?dialog=create' },
    { name: 'profile', path: '/profile' },
    { name: 'profile-password', path: '/profile?dialog=password' },
    { name: 'palette', path: '', prepare: async (page) => await page.keyboard.press('Control+k') },
    { name: 'shortcuts', path: 'keys', prepare: async (page) => await page.keyboard.press('?') },
    { name: 'key-unknown', path: 'keys?key=key_0000000000000000' },
  ]
}
