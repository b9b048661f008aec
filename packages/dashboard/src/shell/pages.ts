import type { LinkProps } from '@tanstack/react-router'
import { may } from '../data/permissions.ts'
import type { SessionOrganization } from '../data/session.ts'
import type { IconName } from '../parts/icon.tsx'
import { t } from '../texts/texts.ts'

/** A page that the navigation leads to. */
export interface NavigationPage {
  readonly to: NonNullable<LinkProps['to']>
  readonly word: string
  readonly icon: IconName & keyof typeof t.shell.pages
  /** After "g", leads to the page. */
  readonly letter?: string
  /** A person without it does not see the page. Undefined for one that everybody sees. */
  readonly permission?: string
  /** Whether the pages below its path are others. */
  readonly isExact?: boolean
}

export interface NavigationGroup {
  /** Undefined for a page that stands alone. */
  readonly word?: string
  readonly pages: readonly NavigationPage[]
}

const NAVIGATION: readonly NavigationGroup[] = [
  {
    pages: [
      {
        to: '/organizations/$organization',
        word: t.shell.pages.overview,
        icon: 'overview',
        letter: 'h',
        isExact: true,
      },
    ],
  },
  {
    word: t.shell.groups.publish,
    pages: [
      {
        to: '/organizations/$organization/pipelines',
        word: t.shell.pages.pipelines,
        icon: 'pipelines',
        letter: 'p',
        permission: 'pipelines.read',
      },
      {
        to: '/organizations/$organization/policies',
        word: t.shell.pages.policies,
        icon: 'policies',
        letter: 'l',
        permission: 'policies.read',
      },
      {
        to: '/organizations/$organization/environments',
        word: t.shell.pages.environments,
        icon: 'environments',
        letter: 'e',
        permission: 'organization.read',
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
        letter: 'c',
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
        letter: 'o',
        permission: 'roles.read',
      },
      {
        to: '/organizations/$organization/members',
        word: t.shell.pages.members,
        icon: 'members',
        letter: 'm',
        permission: 'members.read',
      },
    ],
  },
  {
    word: t.shell.groups.observe,
    pages: [
      {
        to: '/organizations/$organization/requests',
        word: t.shell.pages.requests,
        icon: 'requests',
        letter: 'r',
        permission: 'usage.read',
      },
      {
        to: '/organizations/$organization/usage',
        word: t.shell.pages.usage,
        icon: 'usage',
        letter: 'u',
        permission: 'usage.read',
      },
      {
        to: '/organizations/$organization/audit',
        word: t.shell.pages.audit,
        icon: 'audit',
        letter: 'a',
        permission: 'audit.read',
      },
      // A leak is something that happened; what follows from one is set on the same page.
      {
        to: '/organizations/$organization/leaks',
        word: t.shell.pages.leaks,
        icon: 'leaks',
        letter: 's',
        permission: 'keys.read',
      },
    ],
  },
  {
    word: t.shell.groups.settings,
    pages: [
      {
        to: '/organizations/$organization/organization',
        word: t.shell.pages.organization,
        icon: 'organization',
        letter: 'n',
        permission: 'organization.read',
      },
      {
        to: '/organizations/$organization/webhooks',
        word: t.shell.pages.webhooks,
        icon: 'webhooks',
        letter: 'w',
        permission: 'webhooks.read',
      },
      {
        to: '/organizations/$organization/quotas',
        word: t.shell.pages.quotas,
        icon: 'quotas',
        letter: 'q',
        permission: 'organization.read',
      },
    ],
  },
]

/** The groups of the navigation with the pages that a person may open. */
export function openGroups(facts: SessionOrganization): readonly NavigationGroup[] {
  return NAVIGATION.map((group) => ({
    ...group,
    pages: group.pages.filter(({ permission }) => permission === undefined || may(facts, permission)),
  })).filter(({ pages }) => pages.length > 0)
}

/** The pages that a person may open. */
export function openPages(facts: SessionOrganization): readonly NavigationPage[] {
  return openGroups(facts).flatMap(({ pages }) => pages)
}
