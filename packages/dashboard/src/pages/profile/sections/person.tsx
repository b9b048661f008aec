import type { Session } from '@sallyport/sdk'
import { Link } from '@tanstack/react-router'
import { Absent } from '../../../parts/absent.tsx'
import { Fact, Facts } from '../../../parts/facts.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { Section } from '../../../parts/settings/section.tsx'

/** Who the person is, and where. */
export function Person({ session }: { readonly session: Session }) {
  const { title, lead, name, email, organizations, roles } = t.profile.person
  return (
    <Section title={title} lead={lead}>
      <Facts>
        <Fact name={name}>{session.member.name}</Fact>
        <Fact name={email}>{session.member.email}</Fact>
        <Fact name={organizations}>
          {session.organizations.length === 0 ? (
            <Absent>{t.parts.none}</Absent>
          ) : (
            <ul>
              {session.organizations.map((each) => (
                <li key={each.slug}>
                  <Link to="/organizations/$organization" params={{ organization: each.slug }}>
                    {each.name}
                  </Link>{' '}
                  <span className={text.meta}>{roles(each.roles)}</span>
                </li>
              ))}
            </ul>
          )}
        </Fact>
      </Facts>
    </Section>
  )
}
