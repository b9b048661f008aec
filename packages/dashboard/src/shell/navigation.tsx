import { Link } from '@tanstack/react-router'
import { may } from '../data/permissions.ts'
import { Icon } from '../parts/icon.tsx'
import { t } from '../texts/texts.ts'
import { Brand } from './brand.tsx'
import { GatewaysLine } from './gateways-line.tsx'
import classes from './navigation.module.css'
import { usePlace } from './organization.ts'
import { openGroups } from './pages.ts'

/** The navigation on the left: every page that the person may open. */
export function Navigation({ onFollow }: { readonly onFollow?: () => void }) {
  const { organization, facts } = usePlace()
  return (
    <nav className={classes.navigation} aria-label={t.shell.main}>
      <div className={classes.brand}>
        <Brand />
      </div>
      {openGroups(facts).map(({ word, pages }) => (
        <div key={pages[0]?.to}>
          {word !== undefined && <h2>{word}</h2>}
          {pages.map((page) => (
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
      ))}
      <div className={classes.foot}>
        {may(facts, 'gateways.read') && <GatewaysLine organization={organization} />}
      </div>
    </nav>
  )
}
