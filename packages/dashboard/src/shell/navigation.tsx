import { Link } from '@tanstack/react-router'
import { may } from '../data/permissions.ts'
import { Icon } from '../parts/icon.tsx'
import { t } from '../texts/texts.ts'
import { Brand } from './brand.tsx'
import { GatewaysLine } from './gateways-line.tsx'
import classes from './navigation.module.css'
import { usePlace } from './organization.ts'
import { NAVIGATION } from './pages.ts'

/** The navigation on the left: every page that the person may open. */
export function Navigation({ onFollow }: { readonly onFollow?: () => void }) {
  const { organization, facts } = usePlace()
  return (
    <nav className={classes.navigation} aria-label={t.shell.main}>
      <div className={classes.brand}>
        <Brand />
      </div>
      {NAVIGATION.map(({ word, pages }) => {
        const open = pages.filter(({ permission }) => permission === undefined || may(facts, permission))
        if (open.length === 0) return null
        return (
          <div key={open[0]?.to}>
            {word !== undefined && <h2>{word}</h2>}
            {open.map((page) => (
              <Link
                key={page.to}
                to={page.to}
                params={{ organization }}
                className={classes.page}
                activeProps={{ 'aria-current': 'page' }}
                activeOptions={{ exact: page.isExact ?? false, includeSearch: false }}
                onClick={onFollow}
              >
                <Icon name={page.icon} />
                {page.word}
              </Link>
            ))}
          </div>
        )
      })}
      <div className={classes.foot}>
        {may(facts, 'gateways.read') && <GatewaysLine organization={organization} />}
      </div>
    </nav>
  )
}
