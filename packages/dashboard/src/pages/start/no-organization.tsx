import { Link } from '@tanstack/react-router'
import { Empty } from '../../parts/states/empty.tsx'
import { t } from '../../texts/texts.ts'
import { Alone } from '../../shell/alone.tsx'

/** What a person sees who is in no organization yet. */
export function NoOrganization() {
  return (
    <Alone title={t.shell.noOrganization}>
      <Empty heading="h1" title={t.shell.noOrganization}>
        <p>{t.shell.noOrganizationNext}</p>
        <Link to="/profile">{t.shell.profile}</Link>
      </Empty>
    </Alone>
  )
}
