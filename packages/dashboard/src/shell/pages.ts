import type { LinkProps } from '@tanstack/react-router'
import type { IconName } from '../parts/icon.tsx'
import { t } from '../texts/texts.ts'

/** A page that the navigation leads to. */
export interface NavigationPage {
  readonly to: NonNullable<LinkProps['to']>
  readonly word: string
  readonly icon: IconName
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

export const NAVIGATION: readonly NavigationGroup[] = [
  {
    pages: [
      {
        to: '/organizations/$organization',
        word: t.shell.pages.overview,
        icon: 'overview',
        isExact: true,
      },
    ],
  },
  {
    word: t.shell.groups.publish,
    pages: [
      {
        to: '/organizations/$organization/policies',
        word: t.shell.pages.policies,
        icon: 'policies',
        permission: 'policies.read',
      },
    ],
  },
  {
    word: t.shell.groups.access,
    pages: [
      {
        to: '/organizations/$organization/keys',
        word: t.shell.pages.keys,
        icon: 'keys',
        permission: 'keys.read',
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
        permission: 'usage.read',
      },
      {
        to: '/organizations/$organization/usage',
        word: t.shell.pages.usage,
        icon: 'usage',
        permission: 'usage.read',
      },
      {
        to: '/organizations/$organization/audit',
        word: t.shell.pages.audit,
        icon: 'audit',
        permission: 'audit.read',
      },
    ],
  },
]
