import type { LinkProps } from '@tanstack/react-router'
import type { IconName } from '../parts/icon.tsx'
import { t } from '../texts/texts.ts'

/** A page that the navigation leads to. */
export interface NavigationPage {
  readonly to: NonNullable<LinkProps['to']>
  readonly word: string
  readonly icon: IconName
  /** After "g", leads to the page. */
  readonly letter?: string
  /** A person without it does not see the page. */
  readonly permission: string
}

export interface NavigationGroup {
  /** Undefined for a page that stands alone. */
  readonly word?: string
  readonly pages: readonly NavigationPage[]
}

export const NAVIGATION: readonly NavigationGroup[] = [
  {
    word: t.shell.groups.publish,
    pages: [
      {
        to: '/organizations/$organization/pipelines',
        word: t.shell.pages.pipelines,
        icon: 'pipelines',
        permission: 'pipelines.read',
      },
      {
        to: '/organizations/$organization/policies',
        word: t.shell.pages.policies,
        icon: 'policies',
        letter: 'l',
        permission: 'policies.read',
      },
    ],
  },
  {
    word: t.shell.groups.access,
    pages: [
      {
        to: '/organizations/$organization/consumers',
        word: t.shell.pages.consumers,
        icon: 'consumers',
        permission: 'consumers.read',
      },
      {
        to: '/organizations/$organization/keys',
        word: t.shell.pages.keys,
        icon: 'keys',
        letter: 'k',
        permission: 'keys.read',
      },
      {
        to: '/organizations/$organization/roles',
        word: t.shell.pages.roles,
        icon: 'roles',
        permission: 'roles.read',
      },
      {
        to: '/organizations/$organization/members',
        word: t.shell.pages.members,
        icon: 'members',
        permission: 'members.read',
      },
    ],
  },
]
