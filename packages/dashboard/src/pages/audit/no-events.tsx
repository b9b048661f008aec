import { Link } from '@tanstack/react-router'
import { Empty } from '../../parts/states/empty.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { t } from '../../texts/texts.ts'

/** What stands where no event fits. A log is never empty: it begins with its organization. */
export function NoEvents({ organization }: { readonly organization: string }) {
  const { empty } = t.audit
  return (
    <Empty title={empty.title}>
      <p>{empty.text}</p>
      <Snippet label={empty.title}>{empty.command(location.origin, organization)}</Snippet>
      <Link to="." search={({ environment }) => ({ environment })}>
        {empty.clear}
      </Link>
    </Empty>
  )
}
