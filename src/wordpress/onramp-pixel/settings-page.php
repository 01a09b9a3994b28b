<?php
/** The page below "Settings", by WordPress' own Settings API: it checks the nonce and who may. */

defined( 'ABSPATH' ) || exit;

add_action(
	'admin_init',
	function () {
		register_setting(
			ONRAMP_PIXEL_OPTION,
			ONRAMP_PIXEL_OPTION,
			array(
				'type'              => 'object',
				'sanitize_callback' => 'onramp_pixel_check_settings',
			)
		);
	}
);

add_action(
	'admin_menu',
	function () {
		add_options_page( 'onramp-pixel', 'onramp-pixel', 'manage_options', 'onramp-pixel', 'onramp_pixel_settings_page' );
	}
);

add_filter(
	'plugin_action_links_' . plugin_basename( __DIR__ . '/onramp-pixel.php' ),
	function ( $links ) {
		$address = admin_url( 'options-general.php?page=onramp-pixel' );
		return array_merge( array( '<a href="' . esc_url( $address ) . '">' . esc_html__( 'Settings', 'onramp-pixel' ) . '</a>' ), $links );
	}
);

/** Prints the page. */
function onramp_pixel_settings_page() {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$settings = onramp_pixel_settings();
	?>
	<div class="wrap">
		<h1>onramp-pixel</h1>
		<form action="options.php" method="post">
			<?php settings_fields( ONRAMP_PIXEL_OPTION ); ?>
			<table class="form-table" role="presentation">
				<?php
				onramp_pixel_text_field( 'partner_key', __( 'Partner key', 'onramp-pixel' ), __( 'From the marketplace, for example pk_acme. It is public.', 'onramp-pixel' ) );
				onramp_pixel_text_field( 'endpoint', __( 'Address of the marketplace', 'onramp-pixel' ), __( 'For example https://market.example', 'onramp-pixel' ) );
				onramp_pixel_text_field( 'service_name', __( 'Service name', 'onramp-pixel' ), __( 'What is sold here. Change it only together with the marketplace.', 'onramp-pixel' ) );
				?>
				<tr>
					<th scope="row"><?php esc_html_e( 'Consent', 'onramp-pixel' ); ?></th>
					<td>
						<label>
							<input type="checkbox" name="<?php echo esc_attr( ONRAMP_PIXEL_OPTION ); ?>[consent]" value="required" <?php checked( $settings['consent'], 'required' ); ?>>
							<?php esc_html_e( 'Store and send nothing before the visitor agrees', 'onramp-pixel' ); ?>
						</label>
						<p class="description"><?php esc_html_e( 'Plugins that speak the WP Consent API are asked for "marketing". Others have to call onrampTrack(\'consent\', true) on each page.', 'onramp-pixel' ); ?></p>
					</td>
				</tr>
			</table>
			<?php submit_button(); ?>
		</form>
	</div>
	<?php
}

/** Prints one row of the form. */
function onramp_pixel_text_field( $name, $label, $description ) {
	$id = 'onramp_pixel_' . $name;
	printf(
		'<tr><th scope="row"><label for="%1$s">%2$s</label></th><td><input type="text" class="regular-text" id="%1$s" name="%3$s[%4$s]" value="%5$s" aria-describedby="%1$s_description"><p class="description" id="%1$s_description">%6$s</p></td></tr>',
		esc_attr( $id ),
		esc_html( $label ),
		esc_attr( ONRAMP_PIXEL_OPTION ),
		esc_attr( $name ),
		esc_attr( onramp_pixel_settings()[ $name ] ),
		esc_html( $description )
	);
}
