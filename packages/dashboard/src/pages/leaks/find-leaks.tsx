import { Link } from '@tanstack/react-router'
import { Snippet } from '../../parts/snippet.tsx'
import { t } from '../../texts/texts.ts'
import classes from './find-leaks.module.css'

/** How leaks are found: by the scanner, and by GitHub. */
export function FindLeaks({ organization }: { readonly organization: string }) {
  const { find } = t.leaks
  return (
    <div className={classes.ways}>
      <section>
        <h3>{find.scan.title}</h3>
        <p>{find.scan.text}</p>
        <Snippet label={find.scan.title}>{find.scan.command(location.origin)}</Snippet>
      </section>
      <section>
        <h3>{find.gitHub.title}</h3>
        <p>{find.gitHub.text}</p>
        <Snippet label={find.gitHub.address}>{`${location.origin}/v1/leaks/github`}</Snippet>
        <p>{find.gitHub.operator}</p>
        <Snippet label={find.gitHub.setting}>{find.gitHub.command}</Snippet>
        <p>
          {find.gitHub.told}{' '}
          <Link
            to="/organizations/$organization/webhooks"
            params={{ organization }}
            search={({ environment }) => ({ environment })}
          >
            {find.gitHub.webhook}
          </Link>
        </p>
      </section>
    </div>
  )
}
