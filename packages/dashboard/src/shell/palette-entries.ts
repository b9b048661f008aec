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
  /** What it is, in a word. */
  readonly kind: string
  readonly icon: IconName
  readonly to: (organization: string) => NavigateOptions
}

function pagesOf(facts: SessionOrganization): readonly Entry[] {
  const entries = openPages(facts).map(({ to, word, icon }) => ({
    id: to,
    name: word,
    kind: t.shell.palette.page,
    icon,
    to: (organization: string) => ({ to, params: { organization } }),
  }))
  if (!may(facts, 'keys.create')) return entries
  const create: Entry = {
    id: 'create-key',
    name: t.shell.palette.createKey,
    kind: t.shell.palette.action,
    icon: 'plus',
    to: (organization) => ({
      to: '/organizations/$organization/keys',
      params: { organization },
      search: { dialog: 'create' },
    }),
  }
  return [...entries, create]
}

/** The pages and actions whose name has every word of a text; all of them for none. */
export function fittingPages(facts: SessionOrganization, text: string): readonly Entry[] {
  const words = text.toLowerCase().split(/\s+/)
  return pagesOf(facts).filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
}
