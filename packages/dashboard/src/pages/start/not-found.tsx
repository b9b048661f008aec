import { Link } from '@tanstack/react-router'
import { Empty } from '../../parts/states/empty.tsx'
import { t } from '../../texts/texts.ts'
import { Alone } from '../../shell/alone.tsx'

/** What stands at an address that no page has. */
export function NotFound() {
  return (
    <Alone title={t.shell.notFound}>
      <Empty heading="h1" title={t.shell.notFound}>
        <p>{t.shell.notFoundNext}</p>
        <Link to="/">{t.shell.home}</Link>
      </Empty>
    </Alone>
  )
}
