import { ActionIcon, Drawer, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useRouteContext, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { environmentsQuery } from '../data/environments.ts'
import { sallyport } from '../data/sallyport.ts'
import { sessionQuery } from '../data/session.ts'
import { Icon } from '../parts/icon.tsx'
import { t } from '../texts/texts.ts'
import { Navigation } from './navigation.tsx'
import { usePlace } from './organization.ts'
import { Picker } from './picker.tsx'
import classes from './top-bar.module.css'

/** The bar at the top: organization, environment, theme, account. */
export function TopBar({ onFind }: { readonly onFind: () => void }) {
  const { session } = useRouteContext({ from: '/signed-in/organizations/$organization' })
  const { organization, environment } = usePlace()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  return (
    <header className={classes.bar}>
      <ActionIcon
        className={classes.menu}
        variant="subtle"
        size="2rem"
        aria-label={t.shell.openNavigation}
        onClick={() => setOpen(true)}
      >
        <Icon name="menu" />
      </ActionIcon>
      <Drawer.Root opened={isOpen} onClose={() => setOpen(false)} position="left" size="var(--nav)">
        <Drawer.Overlay />
        <Drawer.Content aria-label={t.shell.main}>
          <Navigation onFollow={() => setOpen(false)} />
        </Drawer.Content>
      </Drawer.Root>
      <Picker
        label={t.shell.organization(organization)}
        word={organization}
        choices={session.organizations.map(({ slug, name }) => ({ value: slug, word: name }))}
        value={organization}
        onChoose={(slug) =>
          void navigate({ to: '/organizations/$organization', params: { organization: slug } })
        }
      />
      <Environments organization={organization} environment={environment} />
      <button type="button" className={classes.find} onClick={onFind}>
        <Icon small name="search" />
        <span>{t.shell.palette.open}</span> <kbd>{t.shell.palette.keys}</kbd>
      </button>
      <span className={classes.scheme}>
        <ColorScheme />
      </span>
      <Account name={session.member.name} email={session.member.email} organization={organization} />
    </header>
  )
}

interface EnvironmentsProps {
  readonly organization: string
  readonly environment: string | undefined
}

function Environments({ organization, environment }: EnvironmentsProps) {
  const { data } = useQuery(environmentsQuery(organization))
  const navigate = useNavigate()
  if (data === undefined) return null
  const all = { value: '', word: t.shell.allEnvironments }
  return (
    <>
      <span className={classes.slash} aria-hidden="true">
        /
      </span>
      <Picker
        label={t.shell.environment(environment ?? t.shell.allEnvironments)}
        word={environment ?? t.shell.allEnvironments}
        choices={[all, ...data.map(({ name }) => ({ value: name, word: name }))]}
        value={environment ?? ''}
        onChoose={(name) =>
          void navigate({
            to: '.',
            search: (search) => ({ ...search, environment: name === '' ? undefined : name }),
          })
        }
      />
    </>
  )
}

/** The other of light and dark: its words, its shape, and how to change to it. */
function useOtherScheme() {
  const { setColorScheme } = useMantineColorScheme()
  const isDark = useComputedColorScheme() === 'dark'
  return {
    word: isDark ? t.shell.toLight : t.shell.toDark,
    icon: isDark ? 'sun' : 'moon',
    change: () => setColorScheme(isDark ? 'light' : 'dark'),
  } as const
}

export function ColorScheme() {
  const { word, icon, change } = useOtherScheme()
  return (
    <ActionIcon variant="subtle" size="1.75rem" aria-label={word} onClick={change}>
      <Icon name={icon} />
    </ActionIcon>
  )
}

interface AccountProps {
  readonly name: string
  readonly email: string
  /** Where the profile leads back to; undefined for a person without an organization. */
  readonly organization: string | undefined
}

export function Account({ name, email, organization }: AccountProps) {
  const queries = useQueryClient()
  const router = useRouter()
  const scheme = useOtherScheme()
  const signOut = async (): Promise<void> => {
    await sallyport.signOut()
    // Nothing that this person read may stay for the next one.
    queries.clear()
    queries.setQueryData(sessionQuery.queryKey, null)
    // Signed out on purpose, so the sign-in leads back to nowhere.
    await router.navigate({ to: '/sign-in' })
  }
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={classes.account} aria-label={t.shell.account(initials, name)}>
          <span className={classes.avatar} aria-hidden="true">
            {initials}
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{email}</Menu.Label>
        <Menu.Item renderRoot={(props) => <Link to="/profile" search={{ organization }} {...props} />}>
          {t.shell.profile}
        </Menu.Item>
        <Menu.Item className={classes.inMenu} onClick={scheme.change}>
          {scheme.word}
        </Menu.Item>
        <Menu.Item onClick={() => void signOut()}>{t.shell.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
