import { describe, expect, test } from 'vitest'
import { startMailServer } from '../testing/mail-server.ts'
import { openTestOutbox } from '../testing/open-outbox.ts'
import { invitationMail } from './invitation.ts'
import { noticeMail, type Notice } from './notice.ts'
import { passwordResetMail } from './password-reset.ts'
import { nameInMail } from './plain-text.ts'

const AT_MS = Date.UTC(2027, 0, 31, 12, 34, 56)
const ACME = { slug: 'acme', name: 'Acme' }
const ADDRESS = '192.0.2.1'
const PUBLIC_URL = 'https://sallyport.example.com'

function notice(about: Notice): ReturnType<typeof noticeMail> {
  return noticeMail({ to: 'rosa@example.com', atMs: AT_MS, notice: about, publicUrl: PUBLIC_URL })
}

function invitation(name: string): ReturnType<typeof invitationMail> {
  return invitationMail({
    to: 'rosa@example.com',
    organization: { slug: 'acme', name },
    invitedBy: name,
    link: `${PUBLIC_URL}/invitation#t`,
    expiresAtMs: AT_MS,
  })
}

const NOTICES: readonly Notice[] = [
  { about: 'new-device', address: ADDRESS, userAgent: 'Firefox/150.0' },
  { about: 'new-device', address: null, userAgent: null },
  { about: 'authenticator-added' },
  { about: 'authenticator-removed' },
  { about: 'passkey-added', name: 'Laptop' },
  { about: 'passkey-removed', name: 'Laptop' },
  { about: 'provider-linked', provider: 'corp' },
  { about: 'provider-unlinked', provider: 'corp' },
  { about: 'password-changed' },
  { about: 'password-reset' },
  { about: 'reset-link-made', by: 'Paul' },
  {
    about: 'hand-over-opened',
    organization: ACME,
    key: 'Till',
    address: ADDRESS,
    userAgent: 'Firefox/150.0',
  },
  { about: 'hand-over-opened', organization: ACME, key: 'Till', address: null, userAgent: null },
  { about: 'hand-over-expired', organization: ACME, key: 'Till' },
  { about: 'hand-over-withdrawn', organization: ACME, key: 'Till', by: 'Paul' },
  { about: 'made-owner', organization: ACME, by: 'Paul' },
  { about: 'new-owner', organization: ACME, owner: 'Rosa', by: 'Paul' },
]

test('an invitation names the organization and the sender, and has the link in a line of its own', () => {
  const { subject, text, kind, organization } = invitation('Acme')
  expect({ kind, organization, subject }).toEqual({
    kind: 'invitation',
    organization: 'acme',
    subject: 'Invitation to Acme',
  })
  expect(text).toContain('Acme invites you to the organization "Acme" on Sallyport.')
  expect(text).toContain('2027-01-31 12:34 UTC')
  expect(text.split('\n')).toContain(`${PUBLIC_URL}/invitation#t`)
})

test('a mail for a new password has the link in a line of its own', () => {
  const { text, kind } = passwordResetMail({
    to: 'rosa@example.com',
    link: `${PUBLIC_URL}/reset#t`,
    expiresAtMs: AT_MS,
  })
  expect(kind).toBe('password-reset')
  expect(text.split('\n')).toContain(`${PUBLIC_URL}/reset#t`)
  expect(text).toContain('2027-01-31 12:34 UTC')
})

describe('a notice', () => {
  test.each(NOTICES.map((about) => [about.about, about] as const))(
    '%s says what happened and when',
    (_, about) => {
      const { subject, text, kind } = notice(about)
      expect(kind).toBe('organization' in about ? 'organization-notice' : 'notice')
      expect(subject).toMatch(/^[A-Z].{10,80}$/)
      expect(text).toMatch(/^[A-Z].*, 2027-01-31 12:34 UTC\.\n\n/)
      expect(text).toMatch(/\n\nIf .*:\nhttps:\/\/sallyport\.example\.com\n$/)
      expect(text).not.toMatch(/undefined|null|\[object|\.\./)
      for (const value of Object.values(about)) {
        if (typeof value !== 'string' || value === about.about) continue
        expect(text).toContain(value === ADDRESS ? value : nameInMail(value))
      }
    },
  )

  test('about an organization takes its turn with its other mails', () => {
    expect(notice({ about: 'made-owner', organization: ACME, by: 'Paul' }).organization).toBe('acme')
    expect(notice({ about: 'password-changed' }).organization).toBeNull()
  })
})

describe('a name in a mail', () => {
  test.each([
    ['keeps ordinary names', 'Zoë & Søn Inc., 東京 (R+D)', 'Zoë & Søn Inc., 東京 (R+D)'],
    ['stays in one line', 'A\r\nBcc: e\u2028f\u0085g\u0000h', 'A Bcc: e f g h'],
    ['has no marks that hide or reorder text', 'A\u202eB\u200bC\u2066D', 'A B C D'],
    ['makes no link', 'Win at evil.example/x', 'Win at evil. example/ x'],
    ['makes no link with a scheme', 'http://2130706433', 'http: / / 2130706433'],
    ['makes no link with other dots', 'evil．example evil。example', 'evil. example evil。 example'],
    ['makes no address', 'eve@evil', 'eve@ evil'],
    ['is shortened', 'é'.repeat(200), `${'é'.repeat(79)}…`],
    ['is shortened between characters', '😀'.repeat(200), `${'😀'.repeat(39)}…`],
  ])('%s', (_name, name, expected) => {
    expect(nameInMail(name)).toBe(expected)
  })

  test('that is hostile adds no header and no link to a mail', async () => {
    await using server = await startMailServer()
    await using sender = openTestOutbox({ port: server.port })
    sender.outbox.post(invitation('Acme\r\nBcc: eve@evil.example\r\n\r\nhttps://evil.example'))
    const [mail] = await server.received(1)
    expect(mail?.to).toEqual(['rosa@example.com'])
    expect(mail?.header('bcc')).toBeUndefined()
    expect(mail?.text).not.toMatch(/evil\.example|@evil|\/\/(?!sallyport)/)
    expect(mail?.text.match(/https:\/\/\S+/g)).toEqual([`${PUBLIC_URL}/invitation#t`])
  })
})
