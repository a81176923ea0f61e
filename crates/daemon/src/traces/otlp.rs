//! Traces to a collector, by OTLP over HTTP.
//!
//! Spans wait in a bounded queue for a thread of their own, which sends a batch every few seconds; a
//! collector that is slow or gone costs spans, never an entry.

use super::{Polled, queue::Queue};
use crate::config;
use crate::work::shown_url;
use anyhow::Context as _;
use copydesk_model::Entry;
use opentelemetry::trace::{Span, SpanBuilder, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};
use tokio::runtime::Handle;
use tracing::{debug, warn};

/// Makes the traces of entries.
#[derive(Debug)]
pub struct Traces(Option<Exporting>);

#[derive(Debug)]
struct Exporting {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    timeout: Duration,
}

/// The trace of one entry; empty where it is not in the sample.
#[derive(Debug, Clone)]
pub struct Trace(Option<(SdkTracer, Context)>);

impl Traces {
    /// To be called within the runtime that is to carry the requests.
    pub fn start(config: &config::Traces) -> anyhow::Result<Self> {
        let Some(endpoint) = &config.endpoint else {
            return Ok(Self(None));
        };
        let collector = Collector {
            client: reqwest::Client::builder()
                .timeout(config.timeout)
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
            runtime: Handle::current(),
        };
        let headers = config.headers.iter();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(collector)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_timeout(config.timeout)
            .with_headers(
                headers
                    .map(|(name, value)| (name.clone(), value.expose().to_owned()))
                    .collect(),
            )
            .build()
            .context("starting traces")?;
        let provider = SdkTracerProvider::builder()
            .with_sampler(Sampler::TraceIdRatioBased(config.sample_share))
            .with_resource(Resource::builder().with_service_name("copydesk").build())
            .with_span_processor(Queue::new(exporter, config.queue_max))
            .build();
        let tracer = provider.tracer("copydesk");
        Ok(Self(Some(Exporting {
            provider,
            tracer,
            timeout: config.timeout,
        })))
    }

    /// Begins the trace of an entry with the poll that listed it, or now where it is come back to.
    pub fn entry(&self, feed: &str, entry: &Entry, polled: Option<Polled>) -> Trace {
        let Some(Exporting { tracer, .. }) = &self.0 else {
            return Trace(None);
        };
        let mut facts = vec![KeyValue::new("copydesk.feed", feed.to_owned())];
        facts.extend(shown_url(entry).map(|url| KeyValue::new("url.full", url)));
        let start = polled.map_or_else(SystemTime::now, |(start, _)| on_the_clock(start));
        let root = SpanBuilder::from_name("entry")
            .with_start_time(start)
            .with_attributes(facts);
        let root = tracer.build_with_context(root, &Context::new());
        if !root.span_context().is_sampled() {
            return Trace(None);
        }
        let trace = Trace(Some((tracer.clone(), Context::new().with_span(root))));
        if let Some((start, end)) = polled {
            trace.span("poll", start, end);
        }
        trace
    }

    /// Sends what waits, for as long as one request may take.
    pub async fn close(&self) {
        let Some(Exporting {
            provider, timeout, ..
        }) = &self.0
        else {
            return;
        };
        let (provider, timeout) = (provider.clone(), *timeout);
        // The requests are made by this runtime; its threads are not to wait for them.
        let closing = move || provider.shutdown_with_timeout(timeout);
        match tokio::task::spawn_blocking(closing).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(%error, "spans not sent at the end"),
            Err(error) => warn!(%error, "spans not sent at the end"),
        }
    }
}

impl Trace {
    /// The stage that began then has ended now.
    pub fn stage(&self, name: &'static str, start: Instant) {
        self.span(name, start, Instant::now());
    }

    fn span(&self, name: &'static str, start: Instant, end: Instant) {
        if let Some((tracer, root)) = &self.0 {
            SpanBuilder::from_name(name)
                .with_start_time(on_the_clock(start))
                .start_with_context(tracer, root)
                .end_with_timestamp(on_the_clock(end));
        }
    }

    /// The entry came to this, as the article with this id.
    pub fn settled(&self, outcome: &'static str, id: &str) {
        if let Some((_, root)) = &self.0 {
            root.span().set_attributes([
                KeyValue::new("copydesk.outcome", outcome),
                KeyValue::new("copydesk.id", id.to_owned()),
            ]);
        }
    }

    /// The entry came to nothing.
    pub fn failed(&self, reason: &'static str) {
        if let Some((_, root)) = &self.0 {
            root.span().set_attributes([
                KeyValue::new("copydesk.outcome", "failed"),
                KeyValue::new("error.type", reason),
            ]);
            root.span().set_status(Status::error(reason));
        }
    }

    pub fn end(self) {
        if let Some((_, root)) = self.0 {
            root.span().end();
        }
    }
}

/// What the clock on the wall said then.
fn on_the_clock(then: Instant) -> SystemTime {
    let now = SystemTime::now();
    now.checked_sub(then.elapsed()).unwrap_or(now)
}

/// Carries requests for a thread that is not the runtime's.
#[derive(Debug)]
struct Collector {
    client: reqwest::Client,
    runtime: Handle,
}

impl HttpClient for Collector {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            let client = self.client.clone();
            let answer = self
                .runtime
                .spawn(async move { send(&client, request).await });
            let answer = answer.await?;
            // The queue tells that and how many; the library keeps the cause to itself.
            if let Err(error) = &answer {
                debug!(%error, "spans not sent");
            }
            answer
        })
    }
}

/// The answer without its body, which nobody reads: it may be as long as it likes.
async fn send(
    client: &reqwest::Client,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, HttpError> {
    // The address may hold a key.
    let answer = client.execute(request.try_into().map_err(reqwest::Error::without_url)?);
    let answer = answer.await.map_err(reqwest::Error::without_url)?;
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = answer.status();
    Ok(response)
}
