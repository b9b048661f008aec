import type { Organization } from '@sallyport/sdk'
import { Link } from '@tanstack/react-router'
import { Section } from '../../../parts/settings/section.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'

interface LeakReactionProps {
  readonly shown: Organization
  readonly mayChange: boolean
}

/** What follows from a leak, which is set on the page of leaks. */
export function LeakReaction({ shown, mayChange }: LeakReactionProps) {
  const { may } = usePlace()
  const { title, lead, change, open } = t.organization.leaks
  return (
    <Section title={title} lead={lead}>
      <p>{t.leaks.force[shown.onLeak]}.</p>
      {may('keys.read') && (
        <Link
          to="/organizations/$organization/leaks"
          params={{ organization: shown.slug }}
          search={({ environment }) => ({ environment, ...(mayChange && { dialog: 'reaction' as const }) })}
        >
          {mayChange ? change : open}
        </Link>
      )}
    </Section>
  )
}
