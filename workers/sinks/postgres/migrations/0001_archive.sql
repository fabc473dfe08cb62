-- The archive: what the feed told, as it stands now. One row of `articles` for each revision of each article; what
-- an article names stands in `entities`, `places` and `mentions`, and goes with it when it is replaced or withdrawn.

-- How far each sink is. Changed in the same transaction as what it wrote.
create table dateline.cursors (
    name text primary key,
    cursor text not null,
    updated_at timestamptz not null default now()
);

-- Which dictionary PostgreSQL has for a language; words are taken as they are where it has none.
create function dateline.text_search(language text) returns regconfig
    language sql immutable parallel safe
    return case language
        when 'ar' then 'pg_catalog.arabic' when 'da' then 'pg_catalog.danish' when 'de' then 'pg_catalog.german'
        when 'el' then 'pg_catalog.greek' when 'en' then 'pg_catalog.english' when 'es' then 'pg_catalog.spanish'
        when 'fi' then 'pg_catalog.finnish' when 'fr' then 'pg_catalog.french' when 'ga' then 'pg_catalog.irish'
        when 'hu' then 'pg_catalog.hungarian' when 'id' then 'pg_catalog.indonesian' when 'it' then 'pg_catalog.italian'
        when 'lt' then 'pg_catalog.lithuanian' when 'nb' then 'pg_catalog.norwegian' when 'ne' then 'pg_catalog.nepali'
        when 'nl' then 'pg_catalog.dutch' when 'nn' then 'pg_catalog.norwegian' when 'no' then 'pg_catalog.norwegian'
        when 'pt' then 'pg_catalog.portuguese' when 'ro' then 'pg_catalog.romanian' when 'ru' then 'pg_catalog.russian'
        when 'sv' then 'pg_catalog.swedish' when 'ta' then 'pg_catalog.tamil' when 'tr' then 'pg_catalog.turkish'
        else 'pg_catalog.simple'
    end::regconfig;

create table dateline.articles (
    article_id text not null,
    revision integer not null,
    cursor text not null,
    outcome text not null check (outcome in ('done', 'partial', 'quarantined', 'withdrawn')),
    accepted_at timestamptz not null,
    finished_at timestamptz not null,
    published_at timestamptz,
    -- When it was published, or accepted where that is not known: what questions about time should use.
    at timestamptz not null generated always as (coalesce(published_at, accepted_at)) stored,
    url text,
    source text,
    external_id text,
    lane text not null,
    language text,
    title text,
    text text,
    words integer,
    authors text[] not null default '{}',
    site_name text,
    section text,
    keywords text[] not null default '{}',
    relation text,
    canonical_id text,
    cluster_id text,
    story_id text,
    jaccard double precision,
    -- The result as the API gives it, less clean.text and all mentions. Null once it is withdrawn.
    result jsonb,
    -- A tsvector holds 1 MB at most: the first 100,000 characters are looked through.
    search tsvector generated always as (
        setweight(to_tsvector(dateline.text_search(language), coalesce(left(title, 1000), '')), 'A')
        || to_tsvector(dateline.text_search(language), coalesce(left(text, 100000), ''))
    ) stored,
    primary key (article_id, revision)
);
create index articles_at on dateline.articles (at);
create index articles_source on dateline.articles (source, at);
create index articles_story on dateline.articles (story_id) where story_id is not null;
create index articles_canonical on dateline.articles (canonical_id) where canonical_id is not null;
create index articles_url on dateline.articles using hash (url);
create index articles_search on dateline.articles using gin (search);

create table dateline.entities (
    article_id text not null,
    revision integer not null,
    rank smallint not null,  -- 0 for the most salient
    entity_id text not null,
    label text not null,
    subtype text,
    name text not null,
    name_key text not null,  -- what to look names up by: case folded, 200 characters at most
    value text,
    count integer not null,
    salience real not null,
    primary key (article_id, revision, rank),
    foreign key (article_id, revision) references dateline.articles on delete cascade
);
create index entities_name on dateline.entities (name_key, label);

create table dateline.places (
    article_id text not null,
    revision integer not null,
    rank smallint not null,  -- in order of first mention
    geoname_id integer not null,
    name text not null,
    kind text not null,
    latitude double precision not null,
    longitude double precision not null,
    precision text not null,
    country_code text,
    admin1_code text,
    admin1_name text,
    admin2_code text,
    roles text[] not null,
    confidence real not null,
    primary key (article_id, revision, rank),
    foreign key (article_id, revision) references dateline.articles on delete cascade
);
create index places_geoname on dateline.places (geoname_id);
create index places_country on dateline.places (country_code, admin1_code);
create index places_point on dateline.places using gist (point(longitude, latitude));

create table dateline.mentions (
    article_id text not null,
    revision integer not null,
    entity_rank smallint,  -- of one of both: the entity or the place that is named
    place_rank smallint,
    part text not null,  -- title or text
    start_at integer not null,  -- [start_at, end_at) in code points of articles.title or articles.text
    end_at integer not null,
    text text not null,
    role text,  -- of a place, as what follows: dateline or mention
    confidence double precision,
    metonymy boolean,
    recovered boolean,
    foreign key (article_id, revision) references dateline.articles on delete cascade
);
create index mentions_article on dateline.mentions (article_id, revision);

-- Stories that turned out to be part of another one. `articles.story_id` never holds one of these.
create table dateline.story_mergers (
    story_id text primary key,
    merged_into text not null,
    cursor text not null
);
create index story_mergers_into on dateline.story_mergers (merged_into);

-- The latest revision of each article that has a result.
create view dateline.current_articles as
    select distinct on (article_id) *
    from dateline.articles
    where outcome in ('done', 'partial')
    order by article_id, revision desc;

-- Stories that at least two articles tell.
create view dateline.stories as
    select story_id,
           count(*) as articles,
           count(distinct source) as sources,
           min(at) as first_at,
           max(at) as last_at,
           (array_agg(title order by at))[1] as headline
    from dateline.current_articles
    where story_id is not null
    group by story_id
    having count(*) > 1;
