//! The bounded queue of spans for a collector. The library's own drops what it has no room for
//! without a word; this one counts what is lost, and the log tells.

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor,
};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tracing::warn;

/// Spans in one request at the most.
const BATCH_MAX: usize = 512;
/// A collector may be gone for days.
const TELL_EVERY: Duration = Duration::from_secs(10 * 60);

/// Where spans wait for the thread that sends them.
#[derive(Debug)]
pub struct Queue {
    sending: BatchSpanProcessor,
    counts: Arc<Counts>,
    spans_max: usize,
}

#[derive(Debug, Default)]
struct Counts {
    waiting: AtomicUsize,
    /// Found no room; since the last telling.
    dropped: AtomicU64,
    /// Were in a request that failed; since the last telling.
    unsent: AtomicU64,
    told: Mutex<Option<Instant>>,
}

impl Queue {
    /// Of so many spans; the exporter sends them.
    pub fn new(exporter: impl SpanExporter + 'static, spans_max: usize) -> Self {
        let counts = Arc::new(Counts::default());
        let exporter = Counted {
            exporter,
            counts: counts.clone(),
        };
        let limits = BatchConfigBuilder::default()
            .with_max_queue_size(spans_max)
            .with_max_export_batch_size(BATCH_MAX.min(spans_max));
        Self {
            sending: BatchSpanProcessor::builder(exporter)
                .with_batch_config(limits.build())
                .build(),
            counts,
            spans_max,
        }
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, _span: &mut Span, _context: &Context) {}

    fn on_end(&self, span: SpanData) {
        let counts = &self.counts;
        if counts.waiting.fetch_add(1, Ordering::Relaxed) < self.spans_max {
            self.sending.on_end(span);
        } else {
            counts.waiting.fetch_sub(1, Ordering::Relaxed);
            counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.sending.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        let sent = self.sending.shutdown_with_timeout(timeout);
        self.counts.tell(None);
        sent
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.sending.set_resource(resource);
    }
}

/// Counts what leaves the queue, and what of that does not arrive.
#[derive(Debug)]
struct Counted<E> {
    exporter: E,
    counts: Arc<Counts>,
}

impl<E: SpanExporter> SpanExporter for Counted<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let (counts, spans) = (&self.counts, batch.len());
        counts.waiting.fetch_sub(spans, Ordering::Relaxed);
        let sent = self.exporter.export(batch).await;
        if sent.is_err() {
            counts.unsent.fetch_add(spans as u64, Ordering::Relaxed);
        }
        counts.tell_sometimes(sent.as_ref().err().map(ToString::to_string));
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

impl Counts {
    fn tell_sometimes(&self, detail: Option<String>) {
        let mut told = self.told.lock().expect("no holder of this lock panics");
        if told.is_none_or(|last| last.elapsed() >= TELL_EVERY) && self.tell(detail) {
            *told = Some(Instant::now());
        }
    }

    /// Whether there was something to tell.
    fn tell(&self, detail: Option<String>) -> bool {
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        let unsent = self.unsent.swap(0, Ordering::Relaxed);
        let is_lossy = dropped + unsent > 0;
        if is_lossy {
            warn!(dropped, unsent, detail, "spans lost");
        }
        is_lossy
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::trace::{Span as _, Tracer, TracerProvider};
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    /// Tells that a request began, and answers when told to.
    #[derive(Debug)]
    struct Slow {
        begun: SyncSender<usize>,
        answer: Mutex<Receiver<OTelSdkResult>>,
    }

    impl SpanExporter for Slow {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            self.begun.send(batch.len()).expect("the test looks");
            let answer = self.answer.lock().expect("one request at a time");
            answer.recv().expect("the test answers")
        }
    }

    #[test]
    fn spans_without_room_and_those_that_did_not_arrive_are_counted() {
        let (begun, begins) = sync_channel(9);
        let (answers, answer) = sync_channel(9);
        let answer = Mutex::new(answer);
        let queue = Queue::new(Slow { begun, answer }, 3);
        let counts = queue.counts.clone();
        let provider = SdkTracerProvider::builder()
            .with_span_processor(queue)
            .build();
        let tracer = provider.tracer("test");
        let make = |spans| (0..spans).for_each(|_| tracer.start("span").end());
        make(3);
        assert_eq!(begins.recv(), Ok(3));
        // Three are on their way and three wait.
        make(5);
        assert_eq!(counts.dropped.load(Ordering::Relaxed), 2);
        // Told at once, and the next loss not before its time.
        answers.send(Ok(())).expect("it waits");
        assert_eq!(begins.recv(), Ok(3));
        assert_eq!(counts.dropped.load(Ordering::Relaxed), 0);
        let gone = opentelemetry_sdk::error::OTelSdkError::InternalFailure("gone".into());
        answers.send(Err(gone)).expect("it waits");
        make(3);
        assert_eq!(begins.recv(), Ok(3));
        assert_eq!(counts.unsent.load(Ordering::Relaxed), 3);
        answers.send(Ok(())).expect("it waits");
        provider.shutdown().expect("nothing is left");
        assert_eq!(counts.unsent.load(Ordering::Relaxed), 0);
    }
}
