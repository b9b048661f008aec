import type { NavigateOptions } from '@tanstack/react-router'
import { may } from '../data/permissions.ts'
import type { SessionOrganization } from '../data/session.ts'
import type { IconName } from '../parts/icon.tsx'
import { t } from '../texts/texts.ts'
import { openPages } from './pages.ts'

/** Something to go to or to begin. */
export interface Entry {
  readonly id: string
  readonly name: string
  /** Other words that people look for it by. */
  readonly also?: string
  /** What it is, in a word. */
  readonly kind: string
  readonly icon: IconName
  readonly to: (organization: string) => NavigateOptions
}

/** What the navigation has no entry for: a page below another one, or a form. */
interface Place {
  readonly id: keyof typeof t.shell.palette.places
  readonly icon: IconName
  /** A person without it is not led there. Undefined for what everybody has. */
  readonly permission?: string
  readonly to: NonNullable<NavigateOptions['to']>
  readonly search?: Readonly<Record<string, string>>
}

const PAGES: readonly Place[] = [
  {
    id: 'external',
    icon: 'keys',
    permission: 'external-keys.read',
    to: '/organizations/$organization/keys/external',
  },
  { id: 'imports', icon: 'keys', permission: 'keys.create', to: '/organizations/$organization/keys/imports' },
  {
    id: 'ages',
    icon: 'policies',
    permission: 'policies.read',
    to: '/organizations/$organization/policies',
    search: { tab: 'age' },
  },
  {
    id: 'invitations',
    icon: 'members',
    permission: 'members.read',
    to: '/organizations/$organization/members/invitations',
  },
]

const COMMANDS: readonly Place[] = [
  {
    id: 'createPipeline',
    icon: 'plus',
    permission: 'pipelines.write',
    to: '/organizations/$organization/pipelines',
    search: { dialog: 'create' },
  },
  {
    id: 'createEnvironment',
    icon: 'plus',
    permission: 'organization.write',
    to: '/organizations/$organization/environments',
    search: { dialog: 'create' },
  },
  {
    id: 'createConsumer',
    icon: 'plus',
    permission: 'consumers.write',
    to: '/organizations/$organization/consumers',
    search: { dialog: 'create' },
  },
  {
    id: 'createKey',
    icon: 'plus',
    permission: 'keys.create',
    to: '/organizations/$organization/keys',
    search: { dialog: 'create' },
  },
  {
    id: 'lookUp',
    icon: 'search',
    permission: 'keys.read',
    to: '/organizations/$organization/keys',
    search: { dialog: 'look-up' },
  },
  {
    id: 'addExternal',
    icon: 'plus',
    permission: 'external-keys.write',
    to: '/organizations/$organization/keys/external',
    search: { form: 'add' },
  },
  {
    id: 'importKeys',
    icon: 'plus',
    permission: 'keys.create',
    to: '/organizations/$organization/keys/imports',
    search: { form: 'new' },
  },
  {
    id: 'createRole',
    icon: 'plus',
    permission: 'roles.write',
    to: '/organizations/$organization/roles/edit',
  },
  {
    id: 'invite',
    icon: 'plus',
    permission: 'members.write',
    to: '/organizations/$organization/members',
    search: { dialog: 'invite' },
  },
  {
    id: 'createWebhook',
    icon: 'plus',
    permission: 'webhooks.write',
    to: '/organizations/$organization/webhooks',
    search: { dialog: 'create' },
  },
]

const placesOf = (facts: SessionOrganization, places: readonly Place[], kind: string): readonly Entry[] =>
  places
    .filter(({ permission }) => permission === undefined || may(facts, permission))
    .map(({ id, icon, to, search = {} }) => ({
      id,
      ...t.shell.palette.places[id],
      kind,
      icon,
      to: (organization) => ({ to, params: { organization }, search }),
    }))

function entriesOf(facts: SessionOrganization): readonly Entry[] {
  const { page, action, also, profile } = t.shell.palette
  const pages = openPages(facts).map(({ to, word, icon }) => ({
    id: to,
    name: word,
    also: also[icon],
    kind: page,
    icon,
    to: (organization: string) => ({ to, params: { organization } }),
  }))
  const own: Entry = {
    id: 'profile',
    ...profile,
    kind: page,
    icon: 'account',
    to: (organization) => ({ to: '/profile', search: { organization } }),
  }
  return [...pages, ...placesOf(facts, PAGES, page), own, ...placesOf(facts, COMMANDS, action)]
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().trim().split(/\s+/)

/** Whether every word of a text is part of what an entry is called. */
export function fits({ name, also = '' }: Pick<Entry, 'name' | 'also'>, text: string): boolean {
  const called = `${name} ${also}`.toLowerCase()
  return wordsOf(text).every((word) => called.includes(word))
}

/** The pages and actions that fit a text, those whose names do first; all of them for none. */
export function fittingPages(facts: SessionOrganization, text: string): readonly Entry[] {
  const fitting = entriesOf(facts).filter((entry) => fits(entry, text))
  const isNamed = ({ name }: Entry): boolean => fits({ name }, text)
  return [...fitting.filter(isNamed), ...fitting.filter((entry) => !isNamed(entry))]
}
