//! One request by `fetch`: no cookies unless the page itself asks for it, no cache unless it may be kept, no referrer, no redirect followed, no more bytes read than asked for.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache,
    RequestCredentials, RequestInit, RequestRedirect, Response,
};

use super::{property, sleep, window};
use crate::env::{HttpFailure, HttpRequest, HttpResponse, Method};

/// Sends, and gives up after the request's timeout, or when nobody waits any more.
pub(super) async fn send(request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
    let abort = AbortController::new().map_err(|_| HttpFailure::Network)?;
    let timer = Timer::start(request.timeout, &abort);
    let answer = fetch(request, &abort).await;
    match answer {
        Err(HttpFailure::Network) if timer.fired() => Err(HttpFailure::Timeout),
        Err(HttpFailure::Network) => {
            // A page that goes takes its requests along, and hears of it in its last moment: it must not conclude anything
            // from that, least of all for the page that follows. Only a page that stays comes to its next task.
            sleep(0).await;
            Err(HttpFailure::Network)
        }
        answer => answer,
    }
}

async fn fetch(
    request: &HttpRequest,
    abort: &AbortController,
) -> Result<HttpResponse, HttpFailure> {
    let options = RequestInit::new();
    options.set_method(match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
    });
    options.set_credentials(if request.is_preloaded {
        RequestCredentials::SameOrigin
    } else {
        RequestCredentials::Omit
    });
    options.set_cache(if request.may_be_kept {
        RequestCache::NoCache
    } else {
        RequestCache::NoStore
    });
    options.set_redirect(RequestRedirect::Error);
    options.set_referrer_policy(ReferrerPolicy::NoReferrer);
    options.set_signal(Some(&abort.signal()));
    let response = start(request, &options).map_err(|_| HttpFailure::Network)?;
    let response: Response = JsFuture::from(response)
        .await
        .map_err(|_| HttpFailure::Network)?
        .unchecked_into();
    // What was preloaded came before anybody could forbid it.
    if response.redirected() {
        return Err(HttpFailure::Network);
    }
    let headers = response
        .headers()
        .entries()
        .into_iter()
        .filter_map(|entry| {
            let entry: Array = entry.ok()?.unchecked_into();
            let [name, value] = [0, 1].map(|place| entry.get(place).as_string());
            Some((name?.to_ascii_lowercase(), value?))
        })
        .collect();
    let body = read(&response, request.max_answer, abort).await?;
    Ok(HttpResponse {
        status: response.status(),
        headers,
        body,
    })
}

/// Gives the options their headers and their body, and the request to the browser.
fn start(request: &HttpRequest, options: &RequestInit) -> Result<Promise, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    options.set_headers(&headers);
    if let Some(body) = &request.body {
        options.set_body(&JsValue::from_str(body));
    }
    let window = window().ok_or(JsValue::UNDEFINED)?;
    Ok(window.fetch_with_str_and_init(&request.url, options))
}

/// Reads piece by piece, so that an endless answer is cut off while it comes in.
async fn read(
    response: &Response,
    most: usize,
    abort: &AbortController,
) -> Result<Vec<u8>, HttpFailure> {
    let Some(stream) = response.body() else {
        return Ok(vec![]);
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = vec![];
    loop {
        let piece = JsFuture::from(reader.read())
            .await
            .map_err(|_| HttpFailure::Network)?;
        if property(&piece, "done").is_truthy() {
            return Ok(body);
        }
        let piece: Uint8Array = property(&piece, "value")
            .dyn_into()
            .map_err(|_| HttpFailure::Network)?;
        if body.len() + piece.length() as usize > most {
            abort.abort();
            return Err(HttpFailure::TooLarge);
        }
        let at = body.len();
        body.resize(at + piece.length() as usize, 0);
        piece.copy_to(&mut body[at..]);
    }
}

/// A timeout. When it is dropped it is cleared, and what was not done yet is cancelled.
struct Timer {
    id: Option<i32>,
    abort: AbortController,
    fired: Rc<Cell<bool>>,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    fn start(milliseconds: u32, abort: &AbortController) -> Self {
        let fired = Rc::new(Cell::new(false));
        let callback = Closure::new({
            let (fired, abort) = (Rc::clone(&fired), abort.clone());
            move || {
                fired.set(true);
                abort.abort();
            }
        });
        let wait = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let id = window().and_then(|window| {
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(
                    callback.as_ref().unchecked_ref(),
                    wait,
                )
                .ok()
        });
        Self {
            id,
            abort: abort.clone(),
            fired,
            _callback: callback,
        }
    }

    fn fired(&self) -> bool {
        self.fired.get()
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let (Some(window), Some(id)) = (window(), self.id) {
            window.clear_timeout_with_handle(id);
        }
        self.abort.abort();
    }
}
